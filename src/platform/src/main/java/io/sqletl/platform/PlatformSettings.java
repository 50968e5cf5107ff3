package io.sqletl.platform;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.constructs.Node;

/**
 * What is built, as the context values say ({@code -c KEY=VALUE}).
 *
 * @param release version of Kubernetes
 * @param kubectlLayer kubectl and Helm of the function that deploys into the cluster
 * @param architecture processor of all nodes
 * @param network zones and addresses
 * @param nodes types, numbers and disks of the nodes
 * @param entry how the web pages are reached
 * @param interfaceEndpoints whether calls to AWS stay inside the network, at a price for each
 *     service
 * @param controlPlaneLogs what of the control plane is logged; empty means nothing
 * @param apiCidrs networks that reach the API endpoint from outside; empty means all
 * @param adminPrincipals ARNs of the roles and users that administer the cluster; empty means
 *     whoever may deploy this stack
 * @param glueTables tables that jobs may make with Athena, as database.table or database.*
 * @param image image of the engine, for jobs; empty means the account's own registry
 * @param notebookImage image of notebooks; empty means the account's own registry
 * @param alarmEmail who is written to when pods find no node; empty means nobody
 * @param gitRepository address of a repository that notebook servers clone when they start
 * @param gitBranch its branch; empty means the repository's own default
 */
record PlatformSettings(
    KubernetesRelease release,
    KubectlLayer kubectlLayer,
    Architecture architecture,
    NetworkSettings network,
    NodeSettings nodes,
    Entry entry,
    boolean interfaceEndpoints,
    List<ControlPlaneLog> controlPlaneLogs,
    List<String> apiCidrs,
    List<String> adminPrincipals,
    List<String> glueTables,
    Optional<String> image,
    Optional<String> notebookImage,
    Optional<String> alarmEmail,
    Optional<String> gitRepository,
    Optional<String> gitBranch) {

  /** A log of the control plane, named as the CDK names it. */
  enum ControlPlaneLog {
    API,
    AUDIT,
    AUTHENTICATOR,
    CONTROLLER_MANAGER,
    SCHEDULER;

    String setting() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** How the web pages are reached. */
  enum Entry {
    CLOUDFRONT,
    NONE;

    String setting() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern CIDR =
      Pattern.compile(
          "(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}/(3[0-2]|[12]?\\d)");
  private static final Pattern TABLE = Pattern.compile("[a-z0-9_]{1,128}\\.([a-z0-9_]{1,128}|\\*)");
  private static final Pattern PRINCIPAL =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:(role|user)/[\\w+=,.@/-]+");

  /** Without a password, since it stands in the stack's template. */
  private static final Pattern GIT_REPOSITORY =
      Pattern.compile(
          "https://[\\w.-]+(:\\d+)?/[\\w.~/-]+|ssh://(\\w[\\w.-]*@)?[\\w.-]+(:\\d+)?/[\\w.~/-]+"
              + "|\\w[\\w.-]*@[\\w.-]+:[\\w.~/-]+");

  private static final Pattern EMAIL = Pattern.compile("[\\w.+-]{1,64}@[\\w-]+(\\.[\\w-]+)+");
  private static final Pattern GIT_BRANCH = Pattern.compile("\\w[\\w./-]{0,200}");

  /**
   * The settings in the context of a construct.
   *
   * @throws SettingsException naming every key that is none of ours and every value that is not
   *     allowed
   */
  static PlatformSettings of(Node node) {
    SettingsReader reader = new SettingsReader(node);
    Architecture architecture =
        reader.choice(
            "arch", List.of(Architecture.values()), Architecture::setting, Architecture.X86);
    KubernetesRelease release = release(reader, LocalDate.now());
    PlatformSettings settings =
        new PlatformSettings(
            release,
            reader.choice(
                "kubectlLayer",
                List.of(KubectlLayer.values()),
                KubectlLayer::setting,
                release.kubectlLayer()),
            architecture,
            NetworkSettings.of(reader),
            NodeSettings.of(reader, architecture, release),
            reader.choice("entry", List.of(Entry.values()), Entry::setting, Entry.CLOUDFRONT),
            reader.choice("interfaceEndpoints", List.of(true, false), String::valueOf, false),
            reader.choices(
                "controlPlaneLogs",
                List.of(ControlPlaneLog.values()),
                ControlPlaneLog::setting,
                List.of(ControlPlaneLog.AUDIT, ControlPlaneLog.AUTHENTICATOR)),
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
                "alarmEmail", EMAIL, "one e-mail address, such as data-platform@example.com"),
            reader.one(
                "gitRepository",
                GIT_REPOSITORY,
                "one address of a Git repository without user's password, such as"
                    + " https://github.com/team/jobs.git or git@github.com:team/jobs.git"),
            reader.one("gitBranch", GIT_BRANCH, "the name of one branch, such as main"));
    reader.finish();
    return settings;
  }

  /**
   * The version of Kubernetes.
   *
   * @param day those whose standard support has ended by then are refused
   */
  static KubernetesRelease release(SettingsReader reader, LocalDate day) {
    KubernetesRelease release =
        reader.choice(
            "kubernetesVersion",
            List.of(KubernetesRelease.values()),
            KubernetesRelease::version,
            KubernetesRelease.DEFAULT,
            KubernetesRelease.supportedOn(day));
    if (release.isOutOfStandardSupport(day) && release != KubernetesRelease.DEFAULT) {
      reader.problem(
          "kubernetesVersion is \"%s\", whose standard support ended on %s: EKS makes no such cluster. It may be: %s."
              .formatted(
                  release.version(),
                  release.endOfStandardSupport(),
                  KubernetesRelease.supportedOn(day).stream()
                      .map(KubernetesRelease::version)
                      .collect(Collectors.joining(", "))));
    }
    return release;
  }
}
