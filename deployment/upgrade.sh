#!/usr/bin/env bash
# Brings the platform to a version of Kubernetes and its nodes to the newest image, and stops where a
# person has to look.
set -euo pipefail

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

usage() {
  cat <<TEXT
Usage: $(basename "$0") [STACK] [REGION] [--kubernetes MINOR] [--check] [--looked] [-c KEY=VALUE ...]

Without --kubernetes: nodes get the newest image of the cluster's version, add-ons
the version that fits. With it: control plane, add-ons, nodes and autoscaler go to
that version together, which is at most one above the cluster's.

Looks first, changes nothing while it does, and stops when it finds
  - something that EKS says stands in the way of the next version,
  - a node group or an add-on that is not healthy,
  - jobs that run (a node is not drained under a driver, so the upgrade would fail
    after a quarter of an hour and be rolled back) and notebooks (they are stopped;
    their files stay).

  STACK               name of the stack (default: SparkOnEKS)
  REGION              AWS region (default: AWS_REGION, else that of your AWS profile)
  --kubernetes MINOR  version to go to, such as 1.36
  --check             look only
  --looked            you have seen what it stopped at, and want to go on
  -c KEY=VALUE        the settings that you deploy with: they are not remembered. Those
                      in cdk.json need not be given
  --help              this text
TEXT
}

stack=""
region_argument=""
wanted=""
check_only=false
looked=false
settings=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --check) check_only=true ;;
    --looked) looked=true ;;
    --kubernetes | -c)
      [ $# -ge 2 ] || die "$1 needs a value."
      case "$1" in
        --kubernetes) wanted="${2#v}" ;;
        -c)
          case "$2" in
            kubernetesVersion=*) die "Give the version with --kubernetes." ;;
            *=*) settings+=(-c "$2") ;;
            *) die "-c takes KEY=VALUE." ;;
          esac
          ;;
      esac
      shift
      ;;
    -*) die "Unknown option \"$1\". See $(basename "$0") --help" ;;
    *)
      if [ -z "$stack" ]; then
        stack="$1"
      elif [ -z "$region_argument" ]; then
        region_argument="$1"
      else
        die "Too many arguments. See $(basename "$0") --help"
      fi
      ;;
  esac
  shift
done
stack="${stack:-SparkOnEKS}"
[[ "$stack" =~ ^[A-Za-z][A-Za-z0-9-]*$ ]] || die "\"$stack\" is not the name of a stack."
[ -z "$wanted" ] || [[ "$wanted" =~ ^1\.[0-9]+$ ]] || die "\"$wanted\" is not a minor version of Kubernetes, such as 1.36."

require_aws
require_kubernetes_tool kubectl
require_tool npx "It comes with Node.js 22 or 24: https://nodejs.org"
resolve_region "$region_argument"
require_credentials
stack_exists "$stack" || die "There is no stack $stack in $region of account $account."
status="$(stack_field "$stack" StackStatus)"
case "$status" in
  *_IN_PROGRESS | *FAILED | ROLLBACK_COMPLETE) die "Stack $stack is in state $status. See to that first." ;;
esac

cluster="$(aws cloudformation list-stack-resources --stack-name "$stack" --output text \
  --query "StackResourceSummaries[?ResourceType=='AWS::EKS::Cluster'].PhysicalResourceId | [0]")"
[ "$cluster" != None ] || die "Stack $stack has no cluster."
current="$(aws eks describe-cluster --name "$cluster" --query cluster.version --output text)"
wanted="${wanted:-$current}"
step=$((${wanted#1.} - ${current#1.}))
[ "$step" -ge 0 ] || die "The cluster is at $current already. A control plane cannot go back to $wanted."
[ "$step" -le 1 ] || die "The cluster is at $current, and goes up one minor version at a time: run this with --kubernetes 1.$((${current#1.} + 1)) first."

echo "Stack $stack in $region of account $account: cluster $cluster, Kubernetes $current$([ "$step" -eq 0 ] || echo ", to $wanted")."
found=0
look() { # SENTENCE LINES
  [ -n "$2" ] || return 0
  found=$((found + 1))
  printf '\n%s\n' "$1"
  printf '%s\n' "$2" | sed 's/^/  /'
}
# What is not told cannot be passed over: the reason takes the place of the answer
ask() { # COMMAND...
  local answer
  if answer="$("$@" 2>&1)"; then
    printf '%s' "$answer" | grep -v '^None$' || true
  else
    printf 'not known: %s' "$answer"
  fi
}

if [ "$step" -gt 0 ]; then
  look "EKS finds what may stand in the way of Kubernetes $wanted:" "$(ask aws eks list-insights --cluster-name "$cluster" --output text \
    --filter "categories=UPGRADE_READINESS,kubernetesVersions=$wanted,statuses=WARNING,ERROR,UNKNOWN" \
    --query 'insights[].[insightStatus.status, name, description]')"
fi
groups="$(ask aws eks list-nodegroups --cluster-name "$cluster" --query 'nodegroups[]' --output text | tr '\t' '\n')"
for group in $groups; do
  look "Node group $group is not well:" "$(ask aws eks describe-nodegroup --cluster-name "$cluster" --nodegroup-name "$group" --output text \
    --query "nodegroup.[status, join(' ', health.issues[].message || \`[]\`)]" | sed -n '/^ACTIVE[[:space:]]*$/!p')"
done
for addon in $(aws eks list-addons --cluster-name "$cluster" --query 'addons[]' --output text 2>/dev/null | sed 's/^None$//' || true); do
  look "Add-on $addon is not well:" "$(ask aws eks describe-addon --cluster-name "$cluster" --addon-name "$addon" --output text \
    --query "addon.[status, join(' ', health.issues[].message || \`[]\`)]" | sed -n '/^ACTIVE[[:space:]]*$/!p')"
done
columns=custom-columns=NAME:.metadata.name,STARTED:.status.startTime
look "Jobs that run. Wait for them, or stop them; suspend cron workflows meanwhile (argo cron suspend -n spark NAME):" "$(
  # Steps of workflows, and drivers that the Spark operator or a person started
  for selector in workflows.argoproj.io/workflow 'spark-role=driver,!workflows.argoproj.io/workflow'; do
    ask kubectl -n spark get pods --field-selector status.phase=Running --selector "$selector" --no-headers --output "$columns" |
      grep -v '^No resources found' || true
  done
)"
look "Notebooks that run. Their servers are stopped when their node goes; files stay:" \
  "$(ask kubectl -n jupyter get pods --selector component=singleuser-server --no-headers --output "$columns" | sed '/^No resources found/d')"

if [ "$found" -gt 0 ] && [ "$looked" = false ]; then
  echo
  echo "Nothing was changed. See to the $found points above, then run this again; with --looked it goes on all the same." >&2
  exit 1
fi
[ "$found" -gt 0 ] || echo "Nothing stands in the way."
[ "$check_only" = false ] || exit 0

cd "$(dirname "$0")/.."
echo
echo "Deploying. The control plane comes first and cannot go back, then add-ons, then one node after the other: an hour or so."
npx cdk deploy "$stack" --require-approval never -c "kubernetesVersion=$wanted" ${settings[@]+"${settings[@]}"}

now="$(aws eks describe-cluster --name "$cluster" --query cluster.version --output text)"
[ "$now" = "$wanted" ] || die "The cluster is at $now, not at $wanted. See what cdk says above."
echo
echo "The cluster is at Kubernetes $now. Its nodes:"
kubectl get nodes --output custom-columns=NAME:.metadata.name,VERSION:.status.nodeInfo.kubeletVersion,IMAGE:.status.nodeInfo.osImage --no-headers
unwell="$(kubectl get pods --all-namespaces --no-headers --field-selector 'status.phase!=Running,status.phase!=Succeeded' 2>&1 | grep -v '^No resources found' || true)"
if [ -n "$unwell" ]; then
  echo
  echo "Pods that do not run; look at them with kubectl describe:" >&2
  printf '%s\n' "$unwell" | sed 's/^/  /' >&2
  exit 1
fi
echo "All pods run. Take kubectl of the same version: $(dirname "$0")/setup_cmd_tool.sh --kubernetes $wanted"
