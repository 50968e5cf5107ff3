package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Elements that hold text in one document and elements in another: their column is text, with the
 * markup in it.
 */
final class XmlKinds {

  private static final int MOST_NAMED = 5;
  private static final String SEPARATOR = "\u0000";
  private static final String TEXT = "text";
  private static final String ELEMENTS = "elements";

  private XmlKinds() {}

  /**
   * Warns of them once; the documents are looked through for it, so that it is asked for where a
   * text looks like markup only.
   *
   * @param documents with {@link XmlDocuments#TEXT}, and {@link XmlDocuments#FILE} if they are
   *     files
   * @param found the columns of all documents, their leaves texts
   */
  static void tell(Dataset<Row> documents, StructType found, StageContext context) {
    boolean hasFile = List.of(documents.columns()).contains(XmlDocuments.FILE);
    Map<String, Map<String, String>> kinds = new TreeMap<>();
    documents
        .select(
            functions.col(XmlDocuments.TEXT),
            hasFile ? functions.col(XmlDocuments.FILE) : functions.lit(""))
        .mapPartitions(new Kinds(found), Encoders.STRING())
        .distinct()
        .collectAsList()
        .stream()
        .sorted()
        .map(line -> line.split(SEPARATOR, -1))
        .forEach(
            met ->
                kinds.computeIfAbsent(met[0], path -> new TreeMap<>()).putIfAbsent(met[1], met[2]));
    List<String> mixed =
        kinds.entrySet().stream()
            .filter(path -> path.getValue().size() > 1)
            .map(
                path ->
                    "'"
                        + path.getKey()
                        + "' is "
                        + path.getValue().entrySet().stream()
                            .map(kind -> kind.getKey() + place(kind.getValue()))
                            .collect(Collectors.joining(" and ")))
            .toList();
    if (!mixed.isEmpty()) {
      context.warnOfColumns(
          "the documents have text and elements within one element, which is therefore read as text"
              + " with its markup: "
              + mixed.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
              + (mixed.size() > MOST_NAMED ? "; and others" : ""),
          "read these documents by an extract each, or take the parts out of the text with"
              + " xpath_string(…)");
    }
  }

  private static String place(String file) {
    return file.isEmpty() ? "" : " in " + file.substring(file.lastIndexOf('/') + 1);
  }

  /** What the texts of a partition's documents are, as path, kind and first file. */
  private record Kinds(StructType columns) implements MapPartitionsFunction<Row, String> {

    @Override
    public Iterator<String> call(Iterator<Row> documents) {
      Map<String, String> met = new TreeMap<>();
      documents.forEachRemaining(
          document -> {
            try {
              add(document.getString(0), document.getString(1), met);
            } catch (XMLStreamException e) {
              // A document that is broken is rejected where it is read
              return;
            }
          });
      List<String> lines = new ArrayList<>();
      met.forEach((kind, file) -> lines.add(kind + SEPARATOR + file));
      return lines.iterator();
    }

    private void add(String text, String file, Map<String, String> met) throws XMLStreamException {
      if (text == null) {
        return;
      }
      XMLInputFactory factory = XMLInputFactory.newInstance();
      factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
      Deque<DataType> types = new ArrayDeque<>();
      Deque<String> names = new ArrayDeque<>();
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT && types.isEmpty()) {
          types.push(columns);
          names.push("");
        } else if (event == XMLStreamConstants.START_ELEMENT) {
          DataType type = within(types.peek(), reader.getLocalName());
          String name = names.peek() + (names.peek().isEmpty() ? "" : ".") + reader.getLocalName();
          if (type instanceof StringType) {
            met.putIfAbsent(name + SEPARATOR + kind(reader), file);
          } else if (type == null) {
            kind(reader);
          } else {
            types.push(type);
            names.push(name);
          }
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          types.pop();
          names.pop();
        }
      }
    }

    private static DataType within(DataType type, String name) {
      for (StructField field : ((StructType) type).fields()) {
        if (field.name().equals(name)) {
          DataType inner =
              field.dataType() instanceof ArrayType many ? many.elementType() : field.dataType();
          return inner instanceof StringType || inner instanceof StructType ? inner : null;
        }
      }
      return null;
    }

    /** Reads to the end of the element. */
    private static String kind(XMLStreamReader reader) throws XMLStreamException {
      boolean hasElements = false;
      for (int depth = 1; depth > 0; ) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          hasElements = true;
          depth++;
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          depth--;
        }
      }
      return hasElements ? ELEMENTS : TEXT;
    }
  }
}
