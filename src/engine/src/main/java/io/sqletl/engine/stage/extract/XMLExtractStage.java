package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Optional;

/** Makes a view of XML documents. */
public final class XMLExtractStage implements StageType<XMLExtract> {

  @Override
  public Class<XMLExtract> configuration() {
    return XMLExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of XML documents, a row for each: the elements and attributes (with _"
        + " before their names) of its root are the columns; explode() makes rows of what repeats. A"
        + " schema says the types; without one a column is a number, boolean, date or time only"
        + " where that gives back each of its texts.";
  }

  @Override
  public Stage plan(XMLExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.access().check(planning);
    PlannedSchema schema = keys.schema().plan(planning);
    Optional<String> xsd = XmlDocuments.readSchema(keys.xsdURI(), planning);
    return new FileExtract(
        new XmlFormat(keys, schema, xsd),
        keys.input(),
        new FileReading(Optional.empty(), Optional.empty(), keys.access(), keys.contiguousIndex()),
        schema,
        keys.output());
  }
}
