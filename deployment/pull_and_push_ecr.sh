#!/usr/bin/env bash
# Builds the images of jobs and of notebooks and pushes them to the account's own registry.
set -euo pipefail

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
root="$(cd "$(dirname "$0")/.." && pwd)"

usage() {
  cat <<TEXT
Usage: $(basename "$0") REGION ACCOUNT [REPOSITORY] [skip_ecr] [--only jobs|notebooks]

Makes the repositories in Amazon ECR unless they are there: REPOSITORY for
drivers and executors of jobs, REPOSITORY-jupyter for notebooks. Pulls Spark's
official image and Jupyter's with Spark, adds the engine to each, pushes the
results for x86-64 and ARM, and prints what to deploy with. Needs no Docker.
No file of the clone is changed.

  REGION      AWS region, such as us-east-1
  ACCOUNT     number of the AWS account that you are logged in to
  REPOSITORY  name of the repository of jobs (default: arc)
  skip_ecr    builds and pushes nothing; prints what was pushed last
  --only      one of the two images: jobs or notebooks
  --help      this text

IMAGE_BASE and NOTEBOOK_IMAGE_BASE name other base images than those.
TEXT
}

kinds="jobs notebooks"
arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --only | --only=*)
      if [ "$1" = --only ]; then
        shift
      fi
      kinds="${1#--only=}"
      case "${kinds:-}" in
        jobs | notebooks) ;;
        *) die "--only takes jobs or notebooks." ;;
      esac
      ;;
    -*) die "Unknown option \"$1\". See $(basename "$0") --help" ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
set -- ${arguments[@]+"${arguments[@]}"}
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

name_of() { # KIND
  case "$1" in
    jobs) echo "$repository" ;;
    notebooks) echo "$repository-jupyter" ;;
  esac
}

find_repository() { # NAME
  local answer
  if answer="$(aws ecr describe-repositories --repository-names "$1" --query 'repositories[0].repositoryUri' --output text 2>&1)"; then
    uri="$answer"
    return
  fi
  case "$answer" in
    *RepositoryNotFoundException*) uri="" ;;
    *) die "Cannot look at repository $1 in $region of account $account.
$answer" ;;
  esac
}

images=""
context=""
remember() { # KIND DIGEST
  local key=image
  [ "$1" = jobs ] || key=notebookImage
  images="$images
  $uri@$2"
  context="$context -c $key=$uri@$2"
}

explain() {
  echo "
The image of each is$images

Deploy with:
  npx cdk deploy$context"
}

uri=""
if [ "$push" = no ]; then
  for kind in $kinds; do
    name="$(name_of "$kind")"
    find_repository "$name"
    [ -n "$uri" ] || die "There is no repository $name in $region of account $account. Is that the region? Without skip_ecr, this command makes it."
    digest="$(aws ecr describe-images --repository-name "$name" --query 'sort_by(imageDetails[?imageTags], &imagePushedAt)[-1].imageDigest' --output text)"
    case "$digest" in
      sha256:*) remember "$kind" "$digest" ;;
      *) die "Repository $name has no image yet. Run this command without skip_ecr." ;;
    esac
  done
  explain
  exit 0
fi

require_tool java "Install a JDK 17 or newer, for example from https://adoptium.net"

# The token goes to Jib in a file of this run, neither on a command line nor into the user's own
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
chmod 700 "$work"

build_and_push() { # KIND
  local name profiles=image base="${IMAGE_BASE:-}" image=arc size="700 MB" token
  if [ "$1" = notebooks ]; then
    profiles=image,notebook
    base="${NOTEBOOK_IMAGE_BASE:-}"
    image=arc-jupyter
    size="2 GB"
  fi
  name="$(name_of "$1")"
  find_repository "$name"
  if [ -z "$uri" ]; then
    # By the tag delete_all.sh knows it again
    uri="$(aws ecr create-repository --repository-name "$name" --image-scanning-configuration scanOnPush=true \
      --tags Key=project,Value=sqlbasedetl --query repository.repositoryUri --output text)"
    # Each push leaves the one before without a tag, and a deployment may still name that by its
    # digest: by age it could go at once, so the last ten stay
    aws ecr put-lifecycle-policy --repository-name "$name" --output text --lifecycle-policy-text \
      '{"rules": [{"rulePriority": 1, "description": "Images that a later push replaced", "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 10}, "action": {"type": "expire"}}]}' >/dev/null
    echo "Made repository $name in $region."
  else
    echo "Repository $name is there already."
  fi
  token="$(aws ecr get-login-password)" || die "ECR gave no login. The rights needed are those of the policy AmazonEC2ContainerRegistryPowerUser."
  printf '{"auths": {"%s": {"auth": "%s"}}}\n' "${uri%%/*}" "$(printf 'AWS:%s' "$token" | base64 | tr -d '\n')" >"$work/config.json"

  local options=(-B -ntp -q "-P$profiles" -pl src/image -am -Dmaven.test.skip=true -Dspotless.check.skip=true)
  if [ -n "$base" ]; then
    options+=("-Dimage.base=$base")
  fi
  echo "Building the image of $1; the first time it downloads its base, some $size."
  ./mvnw "${options[@]}" package
  # Makes a JVM start faster on processors of this machine's kind; without it nothing else changes
  src/image/class-archive "$image" || echo "Going on without a class archive: it takes some seconds longer to start."
  echo "Pushing to $uri."
  DOCKER_CONFIG="$work" ./mvnw "${options[@]}" package -Dimage.tar.phase=none -Dimage.push.phase=package \
    "-Dimage.to=$uri:latest" || die "The image was not pushed. What Maven says above tells why; a full repository and a network without the registry are the usual reasons."
  remember "$1" "$(cat src/image/target/jib-image.digest)"
}

cd "$root"
for kind in $kinds; do
  build_and_push "$kind"
done
explain
