package io.sqletl.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The files of the repository that are shipped, or that a person copies from. */
final class Sources {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```yaml\\n(.*?)^ *```");
  private static final Pattern PLACEHOLDER = Pattern.compile("<<(\\w+)>>");

  private Sources() {}

  static String text(String path) {
    try {
      return Files.readString(Repository.file(path, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Files below a folder, with their texts.
   *
   * @param suffix how their names end
   */
  static Map<String, String> below(String folder, String suffix) {
    Path root = Repository.file(folder, "");
    Map<String, String> found = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (file.toString().endsWith(suffix)) {
          found.put(folder + "/" + root.relativize(file), Files.readString(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /**
   * All YAML that is deployed or that people submit: our resources, the examples, those in the
   * pages.
   */
  static Map<String, List<JsonNode>> yaml() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.putAll(below("src/platform/src/main/resources", ".yaml"));
    texts.putAll(below("example", ".yaml"));
    below("docs", ".md")
        .forEach(
            (name, page) -> {
              Matcher fence = FENCE.matcher(page);
              for (int i = 1; fence.find(); i++) {
                texts.put(name + " block " + i, fence.group(1).stripIndent());
              }
            });
    Map<String, List<JsonNode>> parsed = new LinkedHashMap<>();
    texts.forEach((name, text) -> parsed.put(name, parse(name, text)));
    return parsed;
  }

  private static List<JsonNode> parse(String name, String text) {
    List<JsonNode> documents = new ArrayList<>();
    String plain = PLACEHOLDER.matcher(text).replaceAll("$1");
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      for (Object document : new Yaml(new SafeConstructor(options)).loadAll(plain)) {
        JsonNode tree = JSON.valueToTree(document);
        documents.add(tree);
        // What a step of a workflow creates is text in it
        for (JsonNode manifest : tree.findValues("manifest")) {
          documents.addAll(parse(name + " manifest", manifest.asText()));
        }
      }
    } catch (YAMLException e) {
      throw new AssertionError(name + ": " + e.getMessage(), e);
    }
    return documents;
  }
}
