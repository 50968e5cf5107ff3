package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.datasources.CodecStreams;

/**
 * The elements that documents begin with. Each document is a row whatever its element is called, so
 * that a folder with documents of two kinds has rows of two kinds.
 */
final class XmlRoots {

  /** Of many documents the first ones show what all are. */
  private static final int MOST_LOOKED_AT = 20;

  private XmlRoots() {}

  /** Warns where the first documents begin with different elements. */
  static void tell(List<Path> files, StageContext context) {
    List<Path> some = files.subList(0, Math.min(MOST_LOOKED_AT, files.size()));
    if (some.size() < 2) {
      return;
    }
    Configuration configuration = context.spark().sessionState().newHadoopConf();
    List<Optional<String>> roots = FilesAtOnce.look(some, file -> root(file, configuration));
    Map<String, String> filesByRoot = new LinkedHashMap<>();
    for (int i = 0; i < some.size(); i++) {
      if (roots.get(i).isPresent()) {
        filesByRoot.putIfAbsent(roots.get(i).get(), some.get(i).getName());
      }
    }
    if (filesByRoot.size() > 1) {
      context.warnOfColumns(
          "the documents begin with different elements, "
              + filesByRoot.entrySet().stream()
                  .map(entry -> "'" + entry.getKey() + "' in " + entry.getValue())
                  .collect(Collectors.joining(", "))
              + "; each is a row, and null in the columns of the others",
          "read documents of one kind by a stage of their own");
    }
  }

  /** Nothing for a document that is none, of which the extract itself tells. */
  private static Optional<String> root(Path file, Configuration configuration) {
    try (InputStream bytes = CodecStreams.createInputStream(configuration, file)) {
      XMLStreamReader reader = XmlDocuments.inputFactory().createXMLStreamReader(bytes);
      while (!reader.isStartElement()) {
        reader.next();
      }
      return Optional.of(reader.getLocalName());
    } catch (IOException | XMLStreamException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
