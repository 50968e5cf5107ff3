package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;

/** Makes a view of JSON. */
public final class JSONExtractStage implements StageType<JSONExtract> {

  @Override
  public Class<JSONExtract> configuration() {
    return JSONExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of JSON files, every record of them; a schema decides which fields are read and"
        + " how, without one the data are looked through first and no digit of a number is lost.";
  }

  @Override
  public Stage plan(JSONExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.reading().access().check(planning);
    keys.encoding()
        .filter(name -> !isEncoding(name))
        .ifPresent(
            name ->
                planning.invalid(
                    "encoding",
                    "\"encoding\" cannot be \"" + name + "\"",
                    "give a name such as UTF-8, UTF-16LE, ISO-8859-1 or windows-1252"));
    PlannedSchema schema = keys.schema().plan(planning);
    return new FileExtract(
        new JsonFormat(keys, schema), keys.input(), keys.reading(), schema, keys.output());
  }

  private static boolean isEncoding(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }
}
