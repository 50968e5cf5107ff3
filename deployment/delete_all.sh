#!/usr/bin/env bash
# Deletes the stack, waits until it is gone, and reports what is left of it.
set -euo pipefail

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=leftovers.sh
. "$(dirname "$0")/leftovers.sh"

usage() {
  cat <<TEXT
Usage: $(basename "$0") [STACK] [REGION] [--empty-buckets] [--images] [--yes]

Deletes the CloudFormation stack with everything in it: cluster, nodes, network,
load balancer, roles, and the notebooks' volumes. Asks first. Waits until the
stack is gone, which takes half an hour or longer, says what failed, then asks for
each thing that the stack made and lists what is left and still costs.

Only what the stack itself created is touched, found by the stack's own list and
by the tags that carry its name or its cluster's. A bucket that you gave with
--parameters datalakebucket=... is not the stack's: it stays as it is.

  STACK            name of the stack (default: SparkOnEKS)
  REGION           AWS region (default: AWS_REGION, else that of your AWS profile)
  --empty-buckets  also delete the stack's own buckets with every object in them
                   and all their versions, and in 30 days the key that they are
                   encrypted with. Without it a bucket is kept, and so is its key
  --images         also delete the image repositories that pull_and_push_ecr.sh made,
                   known by their tag, with every image in them
                   They are the region's: other stacks there may run the same images
  --yes            do not ask
  --help           this text

Safe to run again: a deletion under way is waited for, a stack that is gone is
only looked at for leftovers.
TEXT
}

stack=""
region_argument=""
assume_yes=false
empty_buckets=false
delete_images=false
for argument in "$@"; do
  case "$argument" in
    --help | -h)
      usage
      exit 0
      ;;
    --yes | -y) assume_yes=true ;;
    --empty-buckets) empty_buckets=true ;;
    --images) delete_images=true ;;
    -*) die "Unknown option \"$argument\". See $(basename "$0") --help" ;;
    *)
      if [ -z "$stack" ]; then
        stack="$argument"
      elif [ -z "$region_argument" ]; then
        region_argument="$argument"
      else
        die "Too many arguments. See $(basename "$0") --help"
      fi
      ;;
  esac
done
stack="${stack:-SparkOnEKS}"
[[ "$stack" =~ ^[A-Za-z][A-Za-z0-9-]*$ ]] || die "\"$stack\" is not the name of a stack."

require_aws
resolve_region "$region_argument"
require_credentials

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# A stack that was deleted can still be looked at by its id, for 90 days: its list of resources
# says what to look for, where a name prefix would also hit what belongs to others.
if stack_exists "$stack"; then
  stack_is_there=true
  stack_id="$(stack_field "$stack" StackId)"
else
  stack_is_there=false
  # With several pages the CLI prints one answer a page; the newest deletion comes first
  stack_id="$(aws cloudformation list-stacks --stack-status-filter DELETE_COMPLETE \
    --query "StackSummaries[?StackName=='$stack'].StackId" --output text | tr '\t' '\n' | grep -v '^None$' | head -n 1 || true)"
  if [ -z "$stack_id" ]; then
    echo "There is no stack $stack in $region of account $account, and no trace of one. Nothing to delete."
    exit 0
  fi
fi

# Once, while the list is whole: type and physical id of all that the stack has, or had
aws cloudformation list-stack-resources --stack-name "$stack_id" --output text \
  --query 'StackResourceSummaries[?PhysicalResourceId].[ResourceType, PhysicalResourceId]' >"$work/resources"

resources_of_type() { # TYPE
  awk -F '\t' -v type="$1" '$1 == type && $2 != "None" && $2 != "" { print $2 }' "$work/resources"
}

buckets="$(resources_of_type AWS::S3::Bucket)"
clusters="$(resources_of_type AWS::EKS::Cluster)"
functions="$(resources_of_type AWS::Lambda::Function)"
keys="$(resources_of_type AWS::KMS::Key)"
vpcs="$(resources_of_type AWS::EC2::VPC)"
# Asked of each repository, since the search for tags is told late of new ones
repositories="$(aws ecr describe-repositories --query 'repositories[].[repositoryArn, repositoryName]' --output text |
  while read -r arn name; do
    case "$arn" in arn:*) ;; *) continue ;; esac
    [ "$(aws ecr list-tags-for-resource --resource-arn "$arn" --query "tags[?Key=='project'].Value | [0]" --output text)" != sqlbasedetl ] || echo "$name"
  done)"

# A bucket that the stack left behind still carries the stack's id as a tag. Without it the name
# may have passed to somebody else since, so it is not ours to touch.
bucket_is_ours() {
  aws s3api head-bucket --bucket "$1" >/dev/null 2>&1 || return 1
  [ "$stack_is_there" = false ] || return 0
  [ "$(aws s3api get-bucket-tagging --bucket "$1" --output text \
    --query "TagSet[?Key=='aws:cloudformation:stack-id'].Value | [0]" 2>/dev/null)" = "$stack_id" ]
}

# All versions and delete markers, a page at a time: "aws s3 rm" leaves the versions behind,
# and a versioned bucket with versions cannot be deleted.
empty_bucket() {
  local errors
  while true; do
    # shellcheck disable=SC2016 # the backticks are JMESPath's
    aws s3api list-object-versions --bucket "$1" --no-paginate --max-keys 500 --output json \
      --query '{Objects: [Versions, DeleteMarkers][][].{Key: Key, VersionId: VersionId}, Quiet: `true`}' \
      >"$work/page.json"
    grep -q '"Key"' "$work/page.json" || break
    # From a file: a page of long keys is more than a command line holds
    errors="$(aws s3api delete-objects --bucket "$1" --delete "file://$work/page.json" \
      --query 'Errors[0].Message' --output text)"
    [ -z "$errors" ] || [ "$errors" = "None" ] || die "Cannot empty bucket $1: $errors"
  done
}

delete_bucket() {
  empty_bucket "$1"
  aws s3api delete-bucket --bucket "$1"
  echo "Bucket $1 deleted."
}

# Only keys that outlived the stack: it deletes the others itself. AWS waits for 30 days, and until
# then the key can be had back.
delete_key() {
  local state
  state="$(aws kms describe-key --key-id "$1" --query KeyMetadata.KeyState --output text 2>/dev/null)" || return 0
  [ "$state" = Enabled ] || return 0
  aws kms schedule-key-deletion --key-id "$1" --pending-window-in-days 30 --output text >/dev/null
  echo "Key $1 will be deleted in 30 days. Until then: aws kms cancel-key-deletion --region $region --key-id $1"
}

confirm() {
  local answer=""
  echo "This deletes, in $region of account $account:
  stack    $stack"
  for cluster in $clusters; do
    echo "  cluster  $cluster, with all that runs in it and the notebooks' volumes"
  done
  for bucket in $buckets; do
    if ! bucket_is_ours "$bucket"; then
      continue
    elif [ "$empty_buckets" = true ]; then
      echo "  bucket   $bucket, WITH ALL ITS OBJECTS AND VERSIONS"
    else
      echo "  (bucket  $bucket is not emptied; see --empty-buckets)"
    fi
  done
  if [ "$delete_images" = true ]; then
    for repository in $repositories; do
      echo "  images   repository $repository, WITH ALL ITS IMAGES"
    done
  fi
  [ "$assume_yes" = false ] || return 0
  printf 'Type the name of the stack to go on: '
  read -r answer || true
  [ "$answer" = "$stack" ] || die "Not confirmed. Nothing was deleted."
}

delete_stack() {
  local status
  status="$(stack_field "$stack_id" StackStatus)"
  case "$status" in
    DELETE_IN_PROGRESS) echo "The deletion of $stack is under way." ;;
    *_IN_PROGRESS) die "Stack $stack is in state $status. Wait until that is over." ;;
    *)
      if [ "$empty_buckets" = true ]; then
        # Before the stack: a bucket that goes with the stack must be empty by then
        for bucket in $buckets; do
          if bucket_is_ours "$bucket"; then empty_bucket "$bucket"; fi
        done
      fi
      if ! aws cloudformation delete-stack --stack-name "$stack_id"; then
        report_network >&2
        die "AWS does not begin to delete $stack, see above."
      fi
      ;;
  esac
  echo "Waiting until $stack is gone. You may interrupt this: the deletion goes on, and running the script again waits again."
  wait_for_deletion
}

# As long as it takes: nodes that drain, the network interfaces of functions and CloudFront's origins
# take AWS up to an hour each, and the CLI's own "wait" gives up after one.
wait_for_deletion() {
  local status gone started said=0 now
  started="$(date +%s)"
  while true; do
    # No answer is not an answer: credentials end, and the network does too
    status="$(stack_field "$stack_id" StackStatus)" ||
      die "Cannot look at stack $stack any more. Its deletion goes on; run this again to wait for it."
    case "$status" in
      DELETE_COMPLETE)
        echo "Stack $stack is gone."
        return
        ;;
      DELETE_IN_PROGRESS) ;;
      *)
        report_failure "$status"
        return 1
        ;;
    esac
    now=$(($(date +%s) - started))
    if [ $((now - said)) -ge 300 ]; then
      said=$now
      gone="$(aws cloudformation list-stack-resources --stack-name "$stack_id" --output text \
        --query "length(StackResourceSummaries[?ResourceStatus=='DELETE_COMPLETE'])")"
      echo "  after $((now / 60)) minutes, $gone of $(wc -l <"$work/resources" | tr -d ' ') resources are gone"
    fi
    sleep "${DELETE_POLL_SECONDS:-20}"
  done
}

report_failure() { # STATUS
  echo "The stack is in state $1. What failed:" >&2
  aws cloudformation describe-stack-events --stack-name "$stack_id" --output text \
    --query "StackEvents[?ResourceStatus=='DELETE_FAILED'].[LogicalResourceId, ResourceType, ResourceStatusReason]" |
    awk -F '\t' '!seen[$1]++ { print "  " $1 " (" $2 "): " $3 }' >&2 || true
  report_network >&2
  echo "Error: Deletion of $stack failed. Remove what is named above, and run this again: it goes on where it stopped." >&2
}

if [ "$stack_is_there" = true ]; then
  confirm
  # On failure too, since the leftovers say what stands in the way
  trap 'status=$?; if [ "$status" -ne 0 ] && [ "${deleting:-false}" = true ]; then report_leftovers; fi; rm -rf "$work"' EXIT
  deleting=true
  delete_stack
  deleting=false
  stack_is_there=false
else
  echo "There is no stack $stack in $region of account $account any more."
  if [ "$empty_buckets" = true ] || [ "$delete_images" = true ]; then
    confirm
  fi
fi

if [ "$delete_images" = true ]; then
  for repository in $repositories; do
    aws ecr delete-repository --repository-name "$repository" --force --output text >/dev/null
    echo "Image repository $repository deleted."
  done
  repositories=""
fi
if [ "$empty_buckets" = true ]; then
  # What the stack kept on purpose, because it holds data
  for bucket in $buckets; do
    if bucket_is_ours "$bucket"; then delete_bucket "$bucket"; fi
  done
  for key in $keys; do delete_key "$key"; done
fi

report_leftovers
