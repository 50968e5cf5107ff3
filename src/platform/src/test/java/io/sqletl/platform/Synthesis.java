package io.sqletl.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.cxapi.CloudAssembly;

/** The stack as CloudFormation would get it, made once for each set of settings. */
final class Synthesis {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME_IN_TEXT = Pattern.compile("\\$\\{(\\w+)");
  private static final Map<List<String>, Synthesis> MADE = new ConcurrentHashMap<>();

  private final JsonNode template;
  private final long bytes;
  private final List<String> warnings = new ArrayList<>();
  private final JsonNode missingContext;

  private Synthesis(List<String> settings) {
    NpmPackages.install();
    App app = app(settings);
    new SparkOnEksStack(app, SparkOnEksStack.ID, PlatformSettings.of(app.getNode()));
    CloudAssembly assembly = app.synth();
    Path file = Path.of(assembly.getDirectory(), SparkOnEksStack.ID + ".template.json");
    try {
      template = JSON.readTree(file.toFile());
      bytes = Files.size(file);
      missingContext =
          JSON.readTree(Path.of(assembly.getDirectory(), "manifest.json").toFile()).path("missing");
      Path metadata = Path.of(assembly.getDirectory(), SparkOnEksStack.ID + ".metadata.json");
      for (JsonNode entries : JSON.readTree(metadata.toFile())) {
        for (JsonNode entry : entries) {
          if (entry.path("type").asText().equals("aws:cdk:warning")) {
            warnings.add(entry.path("data").asText());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The stack of a deployment with {@code -c} settings.
   *
   * @param settings as KEY=VALUE
   */
  static Synthesis with(String... settings) {
    return MADE.computeIfAbsent(Arrays.stream(settings).sorted().toList(), Synthesis::new);
  }

  /** An app with the context of cdk.json and these settings, as the toolkit starts it. */
  static App app(List<String> settings) {
    Map<String, Object> context = new HashMap<>();
    try {
      Path configuration = Repository.file("cdk.json", "");
      JSON.readTree(configuration.toFile())
          .get("context")
          .properties()
          .forEach(flag -> context.put(flag.getKey(), flag.getValue().booleanValue()));
      // Assets are large, and only their hashes matter here
      context.put("aws:cdk:disable-asset-staging", true);
      context.put("aws:cdk:enable-path-metadata", true);
      for (String setting : settings) {
        int equals = setting.indexOf('=');
        context.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
      Path target = Files.createDirectories(Path.of("target", "synthesis"));
      return new App(
          AppProps.builder()
              .context(context)
              .outdir(Files.createTempDirectory(target, "stack").toString())
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode template() {
    return template;
  }

  /** Size of the template as it is uploaded. */
  long bytes() {
    return bytes;
  }

  /** What the toolkit would have to ask AWS for before it could go on. */
  JsonNode missingContext() {
    return missingContext;
  }

  /** What the toolkit warns of when somebody deploys this. */
  List<String> warnings() {
    return warnings;
  }

  /** All resources of a CloudFormation type, in the order of the template. */
  List<Resource> resources(String type) {
    List<Resource> found = new ArrayList<>();
    template
        .get("Resources")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().path("Type").textValue().equals(type)) {
                found.add(new Resource(entry.getKey(), entry.getValue()));
              }
            });
    return found;
  }

  /**
   * The only resource of a type.
   *
   * @throws AssertionError when there is none or more than one
   */
  Resource resource(String type) {
    List<Resource> found = resources(type);
    if (found.size() != 1) {
      throw new AssertionError("There are " + found.size() + " resources of type " + type);
    }
    return found.get(0);
  }

  /**
   * The resource made by the construct at a path, such as {@code Roles/Arcjob/Role}.
   *
   * @throws AssertionError when there is none
   */
  Resource at(String path) {
    for (Map.Entry<String, JsonNode> entry : template.get("Resources").properties()) {
      String itsPath = entry.getValue().path("Metadata").path("aws:cdk:path").asText();
      if (itsPath.equals(SparkOnEksStack.ID + "/" + path)
          || itsPath.equals(SparkOnEksStack.ID + "/" + path + "/Resource")) {
        return new Resource(entry.getKey(), entry.getValue());
      }
    }
    throw new AssertionError("There is no resource at " + path);
  }

  /**
   * Everything that CloudFormation makes before a resource, and deletes after it.
   *
   * @param id its logical id
   */
  Set<String> before(String id) {
    Set<String> found = new LinkedHashSet<>();
    gather(id, found);
    found.remove(id);
    return found;
  }

  /** What a resource itself names, in its properties or in {@code DependsOn}. */
  Set<String> direct(String id) {
    JsonNode resources = template.get("Resources");
    JsonNode resource = resources.get(id);
    Set<String> found = new LinkedHashSet<>(Rendered.texts(resource.path("DependsOn")));
    JsonNode properties = resource.path("Properties");
    properties.findValuesAsText("Ref").forEach(found::add);
    properties.findValues("Fn::GetAtt").forEach(attribute -> found.add(attribute.get(0).asText()));
    for (JsonNode text : properties.findValues("Fn::Sub")) {
      Matcher name = NAME_IN_TEXT.matcher(text.toString());
      while (name.find()) {
        found.add(name.group(1));
      }
    }
    found.removeIf(next -> !resources.has(next));
    return found;
  }

  private void gather(String id, Set<String> found) {
    if (found.add(id)) {
      direct(id).forEach(next -> gather(next, found));
    }
  }

  /**
   * A resource of the template.
   *
   * @param id its logical id
   * @param json as rendered
   */
  record Resource(String id, JsonNode json) {

    JsonNode properties() {
      return json.path("Properties");
    }

    /** Path of the construct that made it, without the stack. */
    String path() {
      return json.path("Metadata")
          .path("aws:cdk:path")
          .asText()
          .replaceFirst("^" + SparkOnEksStack.ID + "/", "");
    }
  }
}
