#!/usr/bin/env bash
# Builds the image of drivers and executors and pushes it to the account's own registry.
set -euo pipefail

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
root="$(cd "$(dirname "$0")/.." && pwd)"

usage() {
  cat <<TEXT
Usage: $(basename "$0") REGION ACCOUNT [REPOSITORY] [skip_ecr]

Makes the repository in Amazon ECR unless it is there, pulls Spark's official
image, adds the engine, pushes the result for x86-64 and ARM, and prints what
to deploy with. Needs no Docker. No file of the repository is changed.

  REGION      AWS region, such as us-east-1
  ACCOUNT     number of the AWS account that you are logged in to
  REPOSITORY  name of the repository (default: arc)
  skip_ecr    builds and pushes nothing; prints what was pushed last
  --help      this text

IMAGE_BASE names another base image than Spark's official one.
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
if [ $# -lt 2 ] || [ $# -gt 4 ]; then
  usage >&2
  die "Give a region and an account, such as: $(basename "$0") us-east-1 111122223333"
fi
case "$2" in
  *[!0-9]*) die "\"$2\" is no number of an AWS account, which has 12 digits." ;;
esac
[ "${#2}" -eq 12 ] || die "\"$2\" is no number of an AWS account, which has 12 digits."

repository="${3:-arc}"
push=yes
case "${4:-}" in
  "") ;;
  skip_ecr) push=no ;;
  *) die "\"$4\" is not skip_ecr. See $(basename "$0") --help" ;;
esac
if [ "$repository" = skip_ecr ]; then
  repository=arc
  push=no
fi
case "$repository" in
  *[!a-z0-9._/-]* | [!a-z]*) die "\"$repository\" is no name of a repository: lower-case letters, digits, and . _ - / between them." ;;
esac

require_aws
resolve_region "$1"
require_credentials
# Set by require_credentials
# shellcheck disable=SC2154
[ "$account" = "$2" ] || die "You are logged in to account $account, not to $2. Choose the profile with AWS_PROFILE, or give the other number."

find_repository() {
  local answer
  if answer="$(aws ecr describe-repositories --repository-names "$repository" --query 'repositories[0].repositoryUri' --output text 2>&1)"; then
    uri="$answer"
    return
  fi
  case "$answer" in
    *RepositoryNotFoundException*) uri="" ;;
    *) die "Cannot look at repository $repository in $region of account $account.
$answer" ;;
  esac
}

explain() { # DIGEST
  echo "
The image is
  $uri@$1

Deploy with it:
  npx cdk deploy -c image=$uri@$1"
}

uri=""
find_repository
if [ "$push" = no ]; then
  [ -n "$uri" ] || die "There is no repository $repository in $region of account $account. Is that the region? Without skip_ecr, this command makes it."
  digest="$(aws ecr describe-images --repository-name "$repository" --query 'sort_by(imageDetails[?imageTags], &imagePushedAt)[-1].imageDigest' --output text)"
  case "$digest" in
    sha256:*) explain "$digest" ;;
    *) die "Repository $repository has no image yet. Run this command without skip_ecr." ;;
  esac
  exit 0
fi

require_tool java "Install a JDK 17 or newer, for example from https://adoptium.net"
if [ -z "$uri" ]; then
  uri="$(aws ecr create-repository --repository-name "$repository" --image-scanning-configuration scanOnPush=true --query repository.repositoryUri --output text)"
  echo "Made repository $repository in $region."
else
  echo "Repository $repository is there already."
fi

# The token goes to Jib in a file of this run, neither on a command line nor into the user's own
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
chmod 700 "$work"
token="$(aws ecr get-login-password)" || die "ECR gave no login. The rights needed are those of the policy AmazonEC2ContainerRegistryPowerUser."
printf '{"auths": {"%s": {"auth": "%s"}}}\n' "${uri%%/*}" "$(printf 'AWS:%s' "$token" | base64 | tr -d '\n')" >"$work/config.json"

options=(-B -ntp -q -Pimage -pl src/image -am -Dmaven.test.skip=true -Dspotless.check.skip=true)
if [ -n "${IMAGE_BASE:-}" ]; then
  options+=("-Dimage.base=$IMAGE_BASE")
fi
cd "$root"
echo "Building the image; the first time it downloads Spark's, some 700 MB."
./mvnw "${options[@]}" package
# Makes a driver start faster on processors of this machine's kind; without it nothing else changes
src/image/class-archive || echo "Going on without a class archive: drivers take some seconds longer to start."
echo "Pushing to $uri."
DOCKER_CONFIG="$work" ./mvnw "${options[@]}" package -Dimage.tar.phase=none -Dimage.push.phase=package \
  "-Dimage.to=$uri:latest" || die "The image was not pushed. What Maven says above tells why; a full repository and a network without the registry are the usual reasons."
digest="$(cat src/image/target/jib-image.digest)"
explain "$digest"
