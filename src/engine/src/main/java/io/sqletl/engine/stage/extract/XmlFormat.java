package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.from_xml;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.RecordErrors;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.typing.Schema;
import io.sqletl.engine.typing.SchemaColumn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * XML as XMLExtract reads it. Documents are looked through as texts: what the schema describes is
 * typed by its rules, and everything else by what gives back each text.
 */
record XmlFormat(XMLExtract keys, PlannedSchema schema, Optional<String> xsd)
    implements FileFormat {

  private static final String DOCUMENT = "document";
  private static final String TYPED = "typed";

  /** Spark's option to take blanks off texts, which belong to them. */
  private static final String TRIM = "ignoreSurroundingSpaces";

  /** An element may be called as Spark calls broken documents, which never come to Spark. */
  private static final String CORRUPT = "columnNameOfCorruptRecord";

  private static final Map<String, String> WHOLE =
      Map.of(TRIM, "false", "nullValue", XmlText.NIL, CORRUPT, InternalColumn.PREFIX + "corrupt");

  @Override
  public String name() {
    return "xml";
  }

  @Override
  public Map<String, String> options() {
    return isLenient() ? Map.of() : WHOLE;
  }

  @Override
  public Optional<MissingInput> blankFiles() {
    return Optional.of(MissingInput.NO_FIELDS);
  }

  @Override
  public MalformedRecords malformedRecords() {
    return keys.malformedRecords();
  }

  @Override
  public Optional<String> problemColumn() {
    return isLenient() ? Optional.empty() : Optional.of(DeclaredTexts.PROBLEMS);
  }

  /** Whether Spark guesses types, and makes nulls of what does not fit. */
  private boolean isLenient() {
    return keys.malformedRecords() == MalformedRecords.IGNORE;
  }

  @Override
  public Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
    return reader.xml(
        XmlDocuments.of(texts, xsd, isLenient()).select(XmlDocuments.TEXT).as(Encoders.STRING()));
  }

  @Override
  public Optional<Dataset<Row>> rows(
      Dataset<String> texts,
      Optional<StructType> given,
      RecordAccount account,
      StageContext context) {
    if (isLenient()) {
      return Optional.empty();
    }
    Dataset<Row> documents = XmlDocuments.of(texts, xsd, isLenient());
    StructType found = found(documents, context);
    return Optional.of(
        found.isEmpty()
            ? context.spark().emptyDataFrame()
            : account.check(
                rows(documents, found, given, List.of(), context), DeclaredTexts.PROBLEMS));
  }

  @Override
  public Optional<Dataset<Row>> rows(
      InputFiles files,
      Optional<StructType> given,
      boolean contiguousIndex,
      RecordAccount account,
      StageContext context) {
    EmptyFiles.of(files).tell(context);
    if (!isLenient()) {
      XmlRoots.tell(files.withContent(), context);
      EncodingSigns.tellOfXml(files.withContent(), context);
    }
    tellFolders(files.withContent(), context);
    Dataset<Row> documents = XmlDocuments.read(files, xsd, isLenient(), context.spark());
    context.detail("inputFiles", files.withContent().size());
    StructType found = found(documents, context);
    if (found.isEmpty()) {
      found = given.orElseThrow(() -> MissingInput.NO_FIELDS.failure(files.glob()));
    }
    XmlPrefixes.tell(documents, found, context);
    List<Column> origin = RowOrigin.isKnown(found) ? List.of() : origin(contiguousIndex);
    Dataset<Row> rows = rows(documents, found, given, origin, context);
    return Optional.of(problemColumn().map(problem -> account.check(rows, problem)).orElse(rows));
  }

  /** Documents are read whole, and the names of their folders are no part of them. */
  private static void tellFolders(List<Path> files, StageContext context) {
    files.stream()
        .map(file -> file.getParent().getName())
        .filter(folder -> folder.indexOf('=') > 0)
        .findFirst()
        .ifPresent(
            folder ->
                context.warnOfColumns(
                    "folders such as " + folder + " give no columns in XML",
                    "take the value from the name of the file, with regexp_extract(_filename, '/"
                        + folder.substring(0, folder.indexOf('='))
                        + "=([^/]+)/', 1)"));
  }

  private static List<Column> origin(boolean contiguousIndex) {
    Column file = col(XmlDocuments.FILE).as(InternalColumn.FILENAME, InternalColumn.filename());
    return contiguousIndex
        ? List.of(file, lit(1L).as(InternalColumn.INDEX, InternalColumn.index(LineLayout.NONE)))
        : List.of(monotonically_increasing_id().as(InternalColumn.ID, InternalColumn.id()), file);
  }

  /** The columns of all documents, their leaves texts unless Spark is to guess. */
  private StructType found(Dataset<Row> documents, StageContext context) {
    return context
        .spark()
        .read()
        .option("inferSchema", isLenient())
        .option(TRIM, isLenient())
        .option(CORRUPT, options().getOrDefault(CORRUPT, "_corrupt_record"))
        .xml(documents.select(XmlDocuments.TEXT).as(Encoders.STRING()))
        .schema();
  }

  private Dataset<Row> rows(
      Dataset<Row> documents,
      StructType written,
      Optional<StructType> given,
      List<Column> origin,
      StageContext context) {
    List<SchemaColumn> columns =
        isLenient() ? List.of() : schema.schema(context).map(Schema::columns).orElse(List.of());
    StructType found = DeclaredElements.named(written, columns);
    Map<String, SchemaColumn> declared = declared(columns, found, context);
    StructType read = isLenient() ? found : typed(documents, found, declared, context);
    StructType described = given.map(all -> SchemaMetadata.attach(read, all)).orElse(read);
    boolean hasFile = !origin.isEmpty();
    Column document = from_xml(col(XmlDocuments.TEXT), read, options()).as(DOCUMENT);
    Column problem = col(XmlDocuments.PROBLEM);
    Dataset<Row> parsed =
        hasFile
            ? documents.select(document, problem, col(XmlDocuments.FILE))
            : documents.select(document, problem);
    Column problems = when(problem.isNull(), none()).otherwise(array(ofDocument(problem)));
    if (!declared.isEmpty()) {
      Column[] texts =
          declared.keySet().stream()
              .map(name -> col(DOCUMENT).getField(name).as(name))
              .toArray(Column[]::new);
      parsed =
          parsed.withColumn(
              TYPED, new DeclaredTexts(List.copyOf(declared.values())).of(struct(texts)));
      problems = concat(problems, col(TYPED).getField(DeclaredTexts.PROBLEMS));
    }
    List<Column> selected = new ArrayList<>();
    for (StructField field : described.fields()) {
      Column from = col(declared.containsKey(field.name()) ? TYPED : DOCUMENT);
      selected.add(from.getField(field.name()).as(field.name(), field.metadata()));
    }
    selected.addAll(origin);
    if (!isLenient()) {
      selected.add(problems.as(DeclaredTexts.PROBLEMS));
    }
    return parsed.select(selected.toArray(Column[]::new));
  }

  private static Column none() {
    return array().cast(RecordErrors.PROBLEMS);
  }

  /** What is wrong with a document as a whole, as {@link RecordErrors#PROBLEMS} has it. */
  private static Column ofDocument(Column problem) {
    Column text = lit(null).cast("string");
    return struct(
        lit("").as("field"),
        coalesce(problem, lit("")).as("message"),
        text.as("value"),
        text.as("target"),
        lit(1L).as("line"),
        lit(0).as("numberOnLine"),
        text.as("change"));
  }

  /** The columns of the schema that the documents have as it says. */
  private static Map<String, SchemaColumn> declared(
      List<SchemaColumn> columns, StructType found, StageContext context) {
    Map<String, SchemaColumn> declared = new LinkedHashMap<>();
    for (SchemaColumn column : columns) {
      Optional<StructField> there =
          Arrays.stream(found.fields())
              .filter(field -> field.name().equals(column.name()))
              .findFirst();
      if (there.isEmpty()) {
        tell("no document has the schema's '" + column.name() + "'", context);
      } else if (!holds(DeclaredTexts.texts(column), there.get().dataType())) {
        tell(
            "'"
                + column.name()
                + "' is "
                + there.get().dataType().simpleString()
                + " in the documents, and "
                + column.sparkType().simpleString()
                + " in the schema; it is read as it is found",
            context);
      } else {
        declared.put(column.name(), column);
        DeclaredElements.missing(there.get().dataType(), column)
            .forEach(path -> tell("no document has the schema's '" + path + "'", context));
      }
    }
    return declared;
  }

  private static void tell(String what, StageContext context) {
    context.warnOfColumns(what, "bring the schema and the documents together");
  }

  /** Whether nothing is lost when what was found is read so; one element is an array of one. */
  private static boolean holds(DataType declared, DataType found) {
    if (declared instanceof ArrayType array) {
      return holds(
          array.elementType(), found instanceof ArrayType many ? many.elementType() : found);
    }
    if (declared instanceof StructType fields) {
      return found instanceof StructType inner
          && Arrays.stream(fields.fields())
              .allMatch(
                  field ->
                      Arrays.stream(inner.fields())
                          .filter(other -> other.name().equals(field.name()))
                          .allMatch(other -> holds(field.dataType(), other.dataType())));
    }
    return found instanceof StringType;
  }

  private static StructType typed(
      Dataset<Row> documents,
      StructType found,
      Map<String, SchemaColumn> declared,
      StageContext context) {
    StructType open = new StructType();
    for (StructField field : found.fields()) {
      open = declared.containsKey(field.name()) ? open : open.add(field);
    }
    StructType guessed = open;
    if (!open.isEmpty()) {
      TextShape shape = shape(documents, open);
      guessed = (StructType) shape.type(open);
      if (shape.hasMarkup()) {
        XmlKinds.tell(documents, open, context);
      }
    }
    StructType read = new StructType();
    for (StructField field : found.fields()) {
      SchemaColumn column = declared.get(field.name());
      DataType type =
          column == null ? guessed.apply(field.name()).dataType() : DeclaredTexts.texts(column);
      read = read.add(new StructField(field.name(), type, true, field.metadata()));
    }
    return read;
  }

  private static TextShape shape(Dataset<Row> documents, StructType columns) {
    TextShape all = new TextShape();
    documents
        .select(from_xml(col(XmlDocuments.TEXT), columns, WHOLE).as(DOCUMENT))
        .mapPartitions(new Shapes(columns), Encoders.BINARY())
        .collectAsList()
        .forEach(bytes -> all.merge(shape(bytes)));
    return all;
  }

  private static TextShape shape(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (TextShape) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("A shape that cannot be read", e);
    }
  }

  /** What the documents of a partition have in common. */
  private record Shapes(StructType columns) implements MapPartitionsFunction<Row, byte[]> {

    @Override
    public Iterator<byte[]> call(Iterator<Row> documents) throws IOException {
      TextShape shape = new TextShape();
      documents.forEachRemaining(document -> shape.add(document.get(0), columns));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(shape);
      }
      return List.of(bytes.toByteArray()).iterator();
    }
  }
}
