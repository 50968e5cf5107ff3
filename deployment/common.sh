# shellcheck shell=bash
# What the deployment scripts have in common. Sourced, never run.
# Everything here works in bash 3.2, the one that macOS ships.

die() {
  echo "Error: $*" >&2
  exit 1
}

# Each tool with the place where a person gets it, since "command not found" helps nobody.
require_tool() {
  command -v "$1" >/dev/null 2>&1 || die "$1 is not installed. $2"
}

require_aws() {
  require_tool aws "Install the AWS CLI version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
}

require_kubernetes_tool() {
  require_tool "$1" "Run $(dirname "$0")/setup_cmd_tool.sh, and put the folder that it names on your PATH."
}

# Sets region: the argument, else what the AWS CLI itself would take.
resolve_region() {
  region="${1:-${AWS_REGION:-${AWS_DEFAULT_REGION:-}}}"
  if [ -z "$region" ]; then
    region="$(aws configure get region || true)"
  fi
  [ -n "$region" ] || die "No AWS region. Give it as the second argument, or set AWS_REGION."
  case "$region" in
    *[!a-z0-9-]* | [!a-z]*) die "\"$region\" is not the name of an AWS region, such as us-east-1." ;;
  esac
  # Every call below goes to this region, whatever the profile says.
  export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"
  # A pager would wait for a key in the middle of a script.
  export AWS_PAGER=""
}

# Sets account; the first call that needs credentials, so the one that explains them.
require_credentials() {
  local answer
  if ! answer="$(aws sts get-caller-identity --query Account --output text 2>&1)"; then
    case "$answer" in
      *"Could not connect to the endpoint"*) die "Cannot reach AWS in region $region. Is that the name of a region?
$answer" ;;
      *) die "AWS does not accept the credentials, or there are none. Run 'aws configure' or 'aws sso login'.
$answer" ;;
    esac
  fi
  account="$answer"
}

# Prints one field of a stack, given as a JMESPath expression; nothing when it has none.
stack_field() { # STACK EXPRESSION
  local value
  value="$(aws cloudformation describe-stacks --stack-name "$1" --query "Stacks[0].$2" --output text)"
  [ "$value" = "None" ] || printf '%s\n' "$value"
}

# True when the stack is there. Any failure but "does not exist" ends the script: a stack that
# cannot be seen for lack of a permission is not a stack that is gone.
stack_exists() {
  local answer
  if answer="$(aws cloudformation describe-stacks --stack-name "$1" --query 'Stacks[0].StackStatus' --output text 2>&1)"; then
    [ "$answer" != "DELETE_COMPLETE" ]
    return
  fi
  case "$answer" in
    *"does not exist"*) return 1 ;;
    *) die "Cannot look at stack $1 in $region of account $account.
$answer" ;;
  esac
}
