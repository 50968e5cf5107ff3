package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.typing.Schema;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A Delta table that was never written, which has the columns of the schema and no rows. */
final class UnwrittenTable {

  private UnwrittenTable() {}

  /**
   * @throws io.sqletl.engine.stage.StageException if the stage was given no schema
   */
  static Dataset<Row> rows(String uri, PlannedSchema schema, StageContext context) {
    StructType columns =
        schema
            .schema(context)
            .map(Schema::toStructType)
            .orElseThrow(
                () ->
                    new StageException(
                        MissingInput.NO_FIELDS.sentence(uri)
                            + " It is no Delta table; correct \"inputURI\", which names the folder"
                            + " that has _delta_log."));
    context.detail("records", 0);
    context.warnOf(
        ErrorCode.FILES_NOT_READ,
        "there is no Delta table at '" + uri + "' yet, so there are no rows",
        "correct \"inputURI\", unless the table is written for the first time later");
    return context.spark().createDataFrame(List.of(), columns);
  }
}
