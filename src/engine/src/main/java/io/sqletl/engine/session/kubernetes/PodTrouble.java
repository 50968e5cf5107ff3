package io.sqletl.engine.session.kubernetes;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why pods do not start, by what Kubernetes says, and what to do about it. The table of {@code
 * docs/cluster.md} is made of these.
 */
public enum PodTrouble {
  IMAGE(
      "ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull",
      "ImagePullBackOff: Back-off pulling image \"arc:lates\"",
      "look whether --image names an image and tag that the registry has, whether the nodes' role"
          + " may pull from it, and whether it has the nodes' architecture",
      Patience.SHORT),
  CONTAINER_CONFIG(
      "CreateContainerConfigError|CreateContainerError|RunContainerError",
      "CreateContainerConfigError: secret \"jdbc\" not found",
      "make what the pod refers to, or take it out of --spark-conf",
      Patience.SHORT),
  CPU_OR_MEMORY(
      "Insufficient (?:cpu|memory)",
      "Unschedulable: 0/3 nodes are available: 3 Insufficient memory.",
      "wait for the autoscaler to add a node, which takes some two minutes; when none comes, ask for"
          + " less with --executor-memory and --executor-cores: a node of 4 CPUs and 32 GiB has"
          + " room for two executors of 2 cores and 12g",
      Patience.LONG),
  NO_SUCH_NODE(
      "didn't match Pod's node affinity|didn't match node selector|node\\(s\\) didn't match",
      "Unschedulable: 0/3 nodes are available: 3 node(s) didn't match Pod's node"
          + " affinity/selector.",
      "wait for the autoscaler to add a spot node; when none comes, there may be no spot capacity:"
          + " try --executors-on any, or on-demand",
      Patience.LONG),
  TAINT(
      "untolerated taint",
      "Unschedulable: 0/3 nodes are available: 3 node(s) had untolerated taint {team: a}.",
      "wait for a node without that taint, or let executors bear it by a pod template of your own:"
          + " --spark-conf spark.kubernetes.executor.podTemplateFile=FILE",
      Patience.LONG),
  VOLUME(
      "persistentvolumeclaim|PersistentVolumeClaim|volume node affinity conflict",
      "Unschedulable: pod has unbound immediate PersistentVolumeClaims",
      "look at `kubectl -n NAMESPACE get pvc`; the cluster needs a default storage class for"
          + " --scratch, or leave --scratch out",
      Patience.LONG),
  QUOTA(
      "exceeded quota",
      "pods \"sql-etl-3f9a-exec-3\" is forbidden: exceeded quota: spark",
      "wait until other runs end, ask for fewer or smaller executors, or have the quota of the"
          + " namespace raised (`kubectl -n NAMESPACE describe quota`)",
      Patience.LONG),
  ACCOUNT(
      "serviceaccount \"?[^ ]+\"? not found|error looking up service account",
      "pods \"sql-etl-3f9a-exec-1\" is forbidden: error looking up service account spark/arcjb",
      "name a service account of the namespace with --executor-service-account",
      Patience.NONE),
  POLICY(
      "violates PodSecurity|admission webhook",
      "pods \"sql-etl-3f9a-exec-1\" is forbidden: violates PodSecurity \"restricted:latest\"",
      "make the pod what the namespace asks for by a pod template of your own: --spark-conf"
          + " spark.kubernetes.executor.podTemplateFile=FILE",
      Patience.NONE),
  FORBIDDEN(
      "is forbidden|cannot create resource",
      "pods is forbidden: User \"system:serviceaccount:spark:default\" cannot create resource"
          + " \"pods\"",
      "run the driver with a service account that may make pods, such as arcjob of the namespace"
          + " spark",
      Patience.NONE),
  OUT_OF_MEMORY(
      "OOMKilled|exit code 137|exit code 52",
      "sql-etl-3f9a-exec-1 ended: OOMKilled, exit code 137",
      "give executors more with --executor-memory, or fewer tasks at a time with --executor-cores;"
          + " when the JVM's heap is not what is short, raise spark.executor.memoryOverheadFactor",
      Patience.SHORT),
  ENDED(
      "exit code \\d+",
      "sql-etl-3f9a-exec-1 ended: Error, exit code 1",
      "executors end when they cannot reach the driver (network policies must let ports 7078 and"
          + " 7079 through) or when the image has another version of Spark; `--spark-conf"
          + " spark.kubernetes.executor.deleteOnTermination=false` keeps the pods for `kubectl"
          + " logs`",
      Patience.SHORT),
  STARTING(
      "ContainerCreating|PodInitializing|Pending",
      "ContainerCreating",
      "wait: a node fetches an image of a gigabyte in some half a minute; `kubectl -n NAMESPACE"
          + " describe pod` tells more",
      Patience.LONG);

  private final Pattern pattern;
  private final String example;
  private final String remedy;
  private final Patience patience;

  /** How long it makes sense to wait for it to pass. */
  enum Patience {
    /** It does not pass. */
    NONE,
    /** It may pass at a second try. */
    SHORT,
    /** It may pass when nodes come or other runs end. */
    LONG
  }

  PodTrouble(String pattern, String example, String remedy, Patience patience) {
    this.pattern = Pattern.compile(pattern);
    this.example = example;
    this.remedy = remedy;
    this.patience = patience;
  }

  /** What a message of Kubernetes is about; the first that fits, empty for the unknown. */
  static Optional<PodTrouble> in(String message) {
    for (PodTrouble trouble : values()) {
      if (trouble.pattern.matcher(message).find()) {
        return Optional.of(trouble);
      }
    }
    return Optional.empty();
  }

  /** A message that is of this kind. */
  public String example() {
    return example;
  }

  /** What to do about it, in the namespace {@code NAMESPACE}. */
  public String remedy() {
    return remedy;
  }

  Patience patience() {
    return patience;
  }
}
