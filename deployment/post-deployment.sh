#!/usr/bin/env bash
# Connects kubectl to the deployed cluster and prints where and how to log in.
set -euo pipefail

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

usage() {
  cat <<TEXT
Usage: $(basename "$0") [STACK] [REGION]

After "npx cdk deploy": connects kubectl to the cluster, then prints the
addresses of Argo and JupyterHub, the login of each, and the code bucket.
It changes nothing in AWS; run it again for a fresh Argo token.

  STACK    name of the stack (default: SparkOnEKS)
  REGION   AWS region (default: AWS_REGION, else the region of your AWS profile)
  --help   this text

What it prints includes a password and a token: mind who sees the terminal.
TEXT
}

for argument in "$@"; do
  case "$argument" in
    --help | -h)
      usage
      exit 0
      ;;
    -*) die "Unknown option \"$argument\". See $(basename "$0") --help" ;;
  esac
done
[ $# -le 2 ] || die "Too many arguments. See $(basename "$0") --help"

stack="${1:-SparkOnEKS}"

require_aws
require_kubernetes_tool kubectl
require_kubernetes_tool argo
resolve_region "${2:-}"
require_credentials

stack_exists "$stack" || die "There is no stack $stack in $region of account $account. Deployed elsewhere? Give the region: $(basename "$0") $stack REGION"
status="$(stack_field "$stack" StackStatus)"
case "$status" in
  CREATE_COMPLETE | UPDATE_COMPLETE | UPDATE_COMPLETE_CLEANUP_IN_PROGRESS | UPDATE_ROLLBACK_COMPLETE) ;;
  *) die "Stack $stack is in state $status. Deploy it to the end first: npx cdk deploy" ;;
esac

output() { # NAME
  stack_field "$stack" "Outputs[?OutputKey=='$1'].OutputValue | [0]"
}

# The key of this output carries a generated hash, its value always begins like this.
connect="$(stack_field "$stack" "Outputs[?starts_with(OutputValue, 'aws eks update-kubeconfig')].OutputValue | [0]")"
[ -n "$connect" ] || die "Stack $stack has no output that begins with \"aws eks update-kubeconfig\". Is it the stack of this platform?"

# Split into words and run as they are: what a stack outputs is never handed to the shell.
read -r -a connect_command <<<"$connect"
echo "Connecting: $connect"
"${connect_command[@]}" ||
  die "kubectl was not connected. The role named above must be one that you may assume, or be left out of the deployment."

answer="$(kubectl get namespace jupyter --output name 2>&1)" ||
  die "The cluster does not let you in. Its administrator is the principal that the deployment names; your network must be among the CIDRs allowed to reach the API endpoint.
$answer"

jupyter_user="$(stack_field "$stack" "Parameters[?ParameterKey=='jhubuser'].ParameterValue | [0]")"
# The go-template decodes by itself: base64 has different options on Linux and macOS.
jupyter_password="$(kubectl --namespace jupyter get secret jupyter-external-secret \
  --output go-template='{{.data.password | base64decode}}')" ||
  die "There is no secret jupyter-external-secret yet. Look at why: kubectl -n jupyter describe externalsecret jupyter-external-secret"
argo_token="$(argo auth token)" || die "argo gave no token. Try 'kubectl get namespace' with the same login."

argo_url="$(output ARGOURL)"
jupyter_url="$(output JUPYTERURL)"

echo "
Argo
  address   ${argo_url:-http://localhost:2746, with: kubectl -n argo port-forward service/argo-argo-workflows-server 2746:2746}
  token     $argo_token
            (good for about 15 minutes; again: argo auth token)

JupyterHub
  address   ${jupyter_url:-http://localhost:8000, with: kubectl -n jupyter port-forward service/proxy-public 8000:80}
  user      ${jupyter_user:-sparkoneks}
  password  $jupyter_password

Code bucket
  s3://$(output CODEBUCKET)"
