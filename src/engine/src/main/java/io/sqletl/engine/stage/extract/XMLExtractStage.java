package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_xml;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes a view of XML documents. */
public final class XMLExtractStage implements StageType<XMLExtract> {

  @Override
  public Class<XMLExtract> configuration() {
    return XMLExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of XML documents, a row for each: the elements and attributes (with _"
        + " before their names) of its root are the columns; explode() makes rows of what repeats.";
  }

  @Override
  public Stage plan(XMLExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.access().check(planning);
    Optional<String> xsd = XmlDocuments.readSchema(keys.xsdURI(), planning);
    return new FileExtract(
        new Format(xsd),
        keys.input(),
        new FileReading(Optional.empty(), Optional.empty(), keys.access(), keys.contiguousIndex()),
        keys.schema().plan(planning),
        keys.output());
  }

  private record Format(Optional<String> xsd) implements FileFormat {

    private static final String DOCUMENT = "document";

    @Override
    public String name() {
      return "xml";
    }

    @Override
    public Map<String, String> options() {
      return Map.of();
    }

    @Override
    public Optional<MissingInput> blankFiles() {
      return Optional.of(MissingInput.NO_FIELDS);
    }

    @Override
    public Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
      Dataset<String> checked =
          texts.map(new XmlDocuments.Check("a document of the view", xsd), Encoders.STRING());
      return reader.xml(checked);
    }

    @Override
    public Optional<Dataset<Row>> rows(
        InputFiles files,
        Optional<StructType> given,
        boolean contiguousIndex,
        RecordAccount account,
        StageContext context) {
      Dataset<Row> documents = XmlDocuments.read(files, xsd, context.spark());
      context.detail("inputFiles", files.withContent().size());
      StructType found =
          context
              .spark()
              .read()
              .xml(documents.select(XmlDocuments.TEXT).as(Encoders.STRING()))
              .schema();
      if (found.isEmpty()) {
        found = given.orElseThrow(() -> MissingInput.NO_FIELDS.failure(files.glob()));
      }
      StructType columns = given.isPresent() ? SchemaMetadata.attach(found, given.get()) : found;
      Dataset<Row> parsed =
          documents.select(
              from_xml(col(XmlDocuments.TEXT), columns).as(DOCUMENT), col(XmlDocuments.FILE));
      List<Column> selected = new ArrayList<>();
      for (StructField field : columns.fields()) {
        selected.add(col(DOCUMENT).getField(field.name()).as(field.name(), field.metadata()));
      }
      Column file = col(XmlDocuments.FILE).as(InternalColumn.FILENAME, InternalColumn.filename());
      if (contiguousIndex) {
        selected.add(file);
        selected.add(lit(1L).as(InternalColumn.INDEX, InternalColumn.index(LineLayout.NONE)));
      } else {
        selected.add(monotonically_increasing_id().as(InternalColumn.ID, InternalColumn.id()));
        selected.add(file);
      }
      return Optional.of(parsed.select(selected.toArray(Column[]::new)));
    }
  }
}
