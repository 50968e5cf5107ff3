package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Elements of one namespace that documents write with several prefixes. What an element is called
 * is its namespace and name; columns go by prefix and name, so that one element has several.
 */
final class XmlPrefixes {

  private static final char COLON = ':';

  private XmlPrefixes() {}

  /**
   * Warns where columns that differ in their prefix only are of one namespace. Documents are looked
   * through once more only if there are columns that differ so.
   *
   * @param documents with {@link XmlDocuments#TEXT}
   * @param found the columns of all documents
   */
  static void tell(Dataset<Row> documents, StructType found, StageContext context) {
    List<Set<String>> alike = new ArrayList<>();
    collect(found, alike);
    if (alike.isEmpty()) {
      return;
    }
    Map<String, Set<String>> namespaces = new HashMap<>();
    documents
        .select(XmlDocuments.TEXT)
        .as(Encoders.STRING())
        .mapPartitions(new Declared(), Encoders.STRING())
        .distinct()
        .collectAsList()
        .forEach(
            pair ->
                namespaces
                    .computeIfAbsent(
                        pair.substring(0, pair.indexOf(COLON)), prefix -> new TreeSet<>())
                    .add(pair.substring(pair.indexOf(COLON) + 1)));
    alike.forEach(names -> tell(names, namespaces, context));
  }

  private static void tell(
      Set<String> names, Map<String, Set<String>> namespaces, StageContext context) {
    Map<String, Set<String>> byNamespace = new TreeMap<>();
    for (String name : names) {
      String prefix = name.substring(0, Math.max(0, name.indexOf(COLON)));
      for (String namespace : namespaces.getOrDefault(prefix, Set.of())) {
        byNamespace.computeIfAbsent(namespace, key -> new TreeSet<>()).add(name);
      }
    }
    byNamespace.forEach(
        (namespace, columns) -> {
          if (columns.size() > 1) {
            context.warnOfColumns(
                "the columns "
                    + columns.stream()
                        .map(name -> "'" + name + "'")
                        .collect(Collectors.joining(", "))
                    + " are one element of the namespace "
                    + namespace
                    + ", which documents write with several prefixes; each is null where another"
                    + " prefix is written",
                "have the documents written with one prefix, or bring the columns together with"
                    + " coalesce(`"
                    + String.join("`, `", columns)
                    + "`) in a SQLTransform");
          }
        });
  }

  /** Columns of one structure that differ in their prefix only. */
  private static void collect(DataType type, List<Set<String>> alike) {
    if (type instanceof ArrayType list) {
      collect(list.elementType(), alike);
    } else if (type instanceof StructType fields) {
      Map<String, Set<String>> byName = new LinkedHashMap<>();
      for (StructField field : fields.fields()) {
        String local = field.name().substring(field.name().indexOf(COLON) + 1);
        byName.computeIfAbsent(local, key -> new TreeSet<>()).add(field.name());
        collect(field.dataType(), alike);
      }
      byName.values().stream()
          .filter(names -> names.size() > 1 && !alike.contains(names))
          .forEach(alike::add);
    }
  }

  /** The prefixes of elements of a partition, each with a colon and its namespace behind. */
  private static final class Declared implements MapPartitionsFunction<String, String> {

    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<String> call(Iterator<String> documents) {
      XMLInputFactory factory = XmlDocuments.inputFactory();
      Set<String> pairs = new HashSet<>();
      documents.forEachRemaining(document -> add(document, factory, pairs));
      return pairs.iterator();
    }

    private static void add(String document, XMLInputFactory factory, Set<String> pairs) {
      if (document == null) {
        return;
      }
      try {
        XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(document));
        while (reader.hasNext()) {
          reader.next();
          if (reader.isStartElement() && reader.getNamespaceURI() != null) {
            String prefix = reader.getPrefix() == null ? "" : reader.getPrefix();
            pairs.add(prefix + COLON + reader.getNamespaceURI());
          }
        }
      } catch (XMLStreamException e) {
        // The extract itself tells of a document that is none
        return;
      }
    }
  }
}
