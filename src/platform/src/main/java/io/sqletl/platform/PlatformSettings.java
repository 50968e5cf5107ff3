package io.sqletl.platform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.constructs.Node;

/**
 * What is built, as the context values say ({@code -c KEY=VALUE}).
 *
 * @param release version of Kubernetes
 * @param architecture processor of all nodes
 * @param entry how the web pages are reached
 * @param interfaceEndpoints whether calls to AWS stay inside the network, at a price for each
 *     service
 * @param apiCidrs networks that reach the API endpoint from outside; empty means all
 * @param adminPrincipals ARNs of the roles and users that administer the cluster; empty means
 *     whoever may deploy this stack
 * @param glueTables tables that jobs may make with Athena, as database.table or database.*
 * @param image image of the engine, for jobs; empty means the account's own registry
 * @param notebookImage image of notebooks; empty means the account's own registry
 * @param gitRepository address of a repository that notebook servers clone when they start
 * @param gitBranch its branch; empty means the repository's own default
 */
record PlatformSettings(
    KubernetesRelease release,
    Architecture architecture,
    Entry entry,
    boolean interfaceEndpoints,
    List<String> apiCidrs,
    List<String> adminPrincipals,
    List<String> glueTables,
    Optional<String> image,
    Optional<String> notebookImage,
    Optional<String> gitRepository,
    Optional<String> gitBranch) {

  /** How the web pages are reached. */
  enum Entry {
    CLOUDFRONT,
    NONE;

    String setting() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The toolkit's own keys that look like ours; all others of its own carry a colon or slash. */
  private static final Set<String> TOOLKIT_KEYS =
      Set.of("acknowledged-issue-numbers", "cli-telemetry");

  private static final Pattern CIDR =
      Pattern.compile(
          "(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}/(3[0-2]|[12]?\\d)");
  private static final Pattern TABLE = Pattern.compile("[a-z0-9_]{1,128}\\.([a-z0-9_]{1,128}|\\*)");
  private static final Pattern PRINCIPAL =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:(role|user)/[\\w+=,.@/-]+");

  private static final Pattern IMAGE =
      Pattern.compile(
          "([a-zA-Z0-9.-]+(:\\d+)?/)?[a-z0-9._/-]+(:\\w[\\w.-]{0,127}|@sha256:[0-9a-f]{64})");

  /** Without a password, since it stands in the stack's template. */
  private static final Pattern GIT_REPOSITORY =
      Pattern.compile(
          "https://[\\w.-]+(:\\d+)?/[\\w.~/-]+|ssh://(\\w[\\w.-]*@)?[\\w.-]+(:\\d+)?/[\\w.~/-]+"
              + "|\\w[\\w.-]*@[\\w.-]+:[\\w.~/-]+");

  private static final Pattern GIT_BRANCH = Pattern.compile("\\w[\\w./-]{0,200}");

  /**
   * The settings in the context of a construct.
   *
   * @throws SettingsException naming every key that is none of ours and every value that is not
   *     allowed
   */
  static PlatformSettings of(Node node) {
    Reader reader = new Reader(node);
    PlatformSettings settings =
        new PlatformSettings(
            reader.choice(
                "kubernetesVersion",
                List.of(KubernetesRelease.values()),
                KubernetesRelease::version,
                KubernetesRelease.DEFAULT),
            reader.choice(
                "arch", List.of(Architecture.values()), Architecture::setting, Architecture.X86),
            reader.choice("entry", List.of(Entry.values()), Entry::setting, Entry.CLOUDFRONT),
            reader.choice("interfaceEndpoints", List.of(true, false), String::valueOf, false),
            reader.list(
                "apiCidrs",
                CIDR.asMatchPredicate().and(cidr -> !cidr.endsWith("/0")),
                "IPv4 networks such as 203.0.113.0/24, separated by commas, none of them the whole Internet",
                List.of()),
            reader.list(
                "adminPrincipals",
                PRINCIPAL.asMatchPredicate(),
                "ARNs of IAM roles or users such as arn:aws:iam::111122223333:role/Platform, separated by"
                    + " commas",
                List.of()),
            reader.list(
                "glueTables",
                TABLE.asMatchPredicate(),
                "tables such as sales.orders or sales.*, separated by commas",
                List.of("default.contact_snapshot")),
            reader.image("image"),
            reader.image("notebookImage"),
            reader.one(
                "gitRepository",
                GIT_REPOSITORY,
                "one address of a Git repository without user's password, such as"
                    + " https://github.com/team/jobs.git or git@github.com:team/jobs.git"),
            reader.one("gitBranch", GIT_BRANCH, "the name of one branch, such as main"));
    reader.finish();
    return settings;
  }

  /** Reads values and gathers what is wrong with them. */
  private static final class Reader {

    private final Node node;
    private final Set<String> keys = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    Reader(Node node) {
      this.node = node;
    }

    <T> T choice(String key, List<T> values, Function<T, String> name, T otherwise) {
      keys.add(key);
      Object given = node.tryGetContext(key);
      if (given == null) {
        return otherwise;
      }
      for (T value : values) {
        if (name.apply(value).equals(given.toString())) {
          return value;
        }
      }
      problems.add(
          "%s is \"%s\", and may be: %s."
              .formatted(key, given, values.stream().map(name).collect(Collectors.joining(", "))));
      return otherwise;
    }

    List<String> list(
        String key, Predicate<String> allowed, String description, List<String> otherwise) {
      keys.add(key);
      Object given = node.tryGetContext(key);
      if (given == null) {
        return otherwise;
      }
      List<String> values =
          Arrays.stream(given.toString().split(",", -1)).map(String::strip).toList();
      for (String value : values) {
        if (!allowed.test(value)) {
          problems.add("%s has \"%s\"; it takes %s.".formatted(key, value, description));
        }
      }
      return values;
    }

    Optional<String> image(String key) {
      return one(
          key,
          IMAGE,
          "an image with a tag or digest, such as"
              + " 111122223333.dkr.ecr.us-east-1.amazonaws.com/arc:latest");
    }

    Optional<String> one(String key, Pattern allowed, String description) {
      List<String> given = list(key, allowed.asMatchPredicate(), description, List.of());
      if (given.size() > 1) {
        problems.add(key + " is one value, and may hold no comma.");
      }
      return given.stream().findFirst();
    }

    /** Every key has been read by now, so what is left is none. */
    void finish() {
      if (node.getAllContext() instanceof Map<?, ?> context) {
        for (Object key : context.keySet()) {
          String name = String.valueOf(key);
          if (!keys.contains(name)
              && !TOOLKIT_KEYS.contains(name)
              && name.chars().noneMatch(c -> c == ':' || c == '/')) {
            problems.add(
                "There is no setting \"%s\". There are: %s."
                    .formatted(name, String.join(", ", keys)));
          }
        }
      }
      if (!problems.isEmpty()) {
        throw new SettingsException(problems);
      }
    }
  }
}
