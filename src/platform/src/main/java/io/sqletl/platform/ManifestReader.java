package io.sqletl.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads the YAML files beside this class: charts' values and manifests of Kubernetes.
 *
 * <p>A value may hold named placeholders, {@code <<bucket>>}. One that is the whole of a value is
 * replaced by an object of any type, one inside a text by its text. Replacements may be tokens of
 * the CDK. Keys hold no placeholders, since CloudFormation resolves nothing in them.
 */
final class ManifestReader {

  private static final Pattern PLACEHOLDER = Pattern.compile("<<(\\w+)>>");

  private final String file;
  private final Map<String, ?> replacements;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> used = new HashSet<>();
  private final Set<Node> checked = Collections.newSetFromMap(new IdentityHashMap<>());

  private ManifestReader(String file, Map<String, ?> replacements) {
    this.file = file;
    this.replacements = replacements;
  }

  /**
   * The documents of a file.
   *
   * @param file relative to this class, such as {@code manifests/namespaces.yaml}
   * @param replacements what stands in for each placeholder; each must occur in the file
   * @throws ManifestException naming file and line of everything that is wrong: no such file, no
   *     YAML, a duplicate key, a placeholder without replacement or a replacement that is not used
   */
  static List<Object> read(String file, Map<String, ?> replacements) {
    try (InputStream stream = ManifestReader.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new ManifestException(
            file, List.of("there is no such file beside " + ManifestReader.class.getName()));
      }
      return read(file, new InputStreamReader(stream, StandardCharsets.UTF_8), replacements);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents of a text that is called {@code file} in errors. */
  static List<Object> read(String file, Reader text, Map<String, ?> replacements) {
    return new ManifestReader(file, replacements).documents(text);
  }

  /** The manifests in a file, as {@link #read(String, Map)} reads it. */
  static List<Map<String, Object>> manifests(String file, Map<String, ?> replacements) {
    return read(file, replacements).stream().map(document -> mapping(file, document)).toList();
  }

  /** The one mapping that a file is, as {@link #read(String, Map)} reads it. */
  static Map<String, Object> values(String file, Map<String, ?> replacements) {
    List<Map<String, Object>> documents = manifests(file, replacements);
    if (documents.size() != 1) {
      throw new ManifestException(
          file, List.of("it has " + documents.size() + " documents where one is wanted"));
    }
    return documents.get(0);
  }

  @SuppressWarnings("unchecked") // YAML's keys are checked to be texts
  private static Map<String, Object> mapping(String file, Object document) {
    if (document instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new ManifestException(file, List.of("a document is no mapping"));
  }

  private List<Object> documents(Reader text) {
    List<Object> documents = new ArrayList<>();
    LoaderOptions options = new LoaderOptions();
    Construction construction = new Construction(options);
    try {
      for (Node document : new Yaml(options).composeAll(text)) {
        check(document);
        if (problems.isEmpty()) {
          documents.add(replaceIn(construction.construct(document)));
        }
      }
    } catch (MarkedYAMLException e) {
      throw new ManifestException(
          file, List.of(place(e.getProblemMark().getLine()) + e.getProblem()));
    }
    for (String name : new TreeSet<>(replacements.keySet())) {
      if (!used.contains(name)) {
        problems.add("it does not use the value that is given for <<" + name + ">>");
      }
    }
    if (!problems.isEmpty()) {
      throw new ManifestException(file, problems);
    }
    return documents;
  }

  private void check(Node node) {
    if (!checked.add(node)) {
      return; // an alias of what was seen
    }
    if (node instanceof MappingNode mapping) {
      Map<String, Integer> lines = new LinkedHashMap<>();
      for (NodeTuple tuple : mapping.getValue()) {
        checkKey(tuple.getKeyNode(), lines);
        check(tuple.getValueNode());
      }
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(this::check);
    } else if (node instanceof ScalarNode scalar) {
      checkPlaceholders(scalar);
    }
  }

  private void checkKey(Node node, Map<String, Integer> lines) {
    int line = node.getStartMark().getLine();
    if (!(node instanceof ScalarNode key)) {
      problems.add(place(line) + "a key is no text");
      return;
    }
    if (PLACEHOLDER.matcher(key.getValue()).find()) {
      problems.add(place(line) + "the key " + key.getValue() + " holds a placeholder");
    }
    Integer first = lines.putIfAbsent(key.getValue(), line);
    if (first != null) {
      problems.add(
          "%sthe key %s stands in line %d already"
              .formatted(place(line), key.getValue(), first + 1));
    }
  }

  private void checkPlaceholders(ScalarNode scalar) {
    Matcher matcher = PLACEHOLDER.matcher(scalar.getValue());
    while (matcher.find()) {
      String name = matcher.group(1);
      used.add(name);
      if (!replacements.containsKey(name)) {
        int line = scalar.getStartMark().getLine();
        if (scalar.getScalarStyle() == ScalarStyle.LITERAL
            || scalar.getScalarStyle() == ScalarStyle.FOLDED) {
          // A block's lines come after the one that opens it
          String before = scalar.getValue().substring(0, matcher.start());
          line += 1 + (int) before.chars().filter(character -> character == '\n').count();
        }
        problems.add(place(line) + "nothing is given for <<" + name + ">>");
      }
    }
  }

  private Object replaceIn(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> replaced = new LinkedHashMap<>();
      map.forEach((key, inner) -> replaced.put(key, replaceIn(inner)));
      return replaced;
    }
    if (value instanceof List<?> list) {
      List<Object> replaced = new ArrayList<>();
      list.forEach(inner -> replaced.add(replaceIn(inner)));
      return replaced;
    }
    if (value instanceof String text) {
      Matcher whole = PLACEHOLDER.matcher(text);
      if (whole.matches()) {
        return replacements.get(whole.group(1));
      }
      return PLACEHOLDER
          .matcher(text)
          .replaceAll(
              match -> Matcher.quoteReplacement(String.valueOf(replacements.get(match.group(1)))));
    }
    return value;
  }

  private static String place(int line) {
    return "line " + (line + 1) + ": ";
  }

  /** Makes values of nodes, with merge keys and the types of YAML. */
  private static final class Construction extends SafeConstructor {

    Construction(LoaderOptions options) {
      super(options);
    }

    Object construct(Node document) {
      return constructDocument(document);
    }
  }
}
