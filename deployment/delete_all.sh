#!/usr/bin/env bash
# Deletes the stack, waits until it is gone, and reports what is left of it.
set -euo pipefail

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

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
repositories="$(aws resourcegroupstaggingapi get-resources --resource-type-filters ecr:repository \
  --tag-filters Key=project,Values=sqlbasedetl --query 'ResourceTagMappingList[].ResourceARN' --output text |
  tr '\t' '\n' | sed -n 's|^arn:.*:repository/||p')"

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

# What keeps a network from being deleted, with who made it. Most often it is nothing of this stack:
# GuardDuty puts an endpoint with a security group into every network, CloudFront leaves the group of
# its VPC origins, and a Service of type LoadBalancer has a load balancer.
report_network() {
  local vpc left
  for vpc in $vpcs; do
    left="$(
      aws ec2 describe-network-interfaces --filters "Name=vpc-id,Values=$vpc" --output text \
        --query 'NetworkInterfaces[].[NetworkInterfaceId, Status, Description]' 2>/dev/null |
        awk -F '\t' '$1 != "None" && NF { print "  network interface " $1 " (" $2 "): " $3 }'
      aws ec2 describe-vpc-endpoints --filters "Name=vpc-id,Values=$vpc" --output text \
        --query "VpcEndpoints[?State!='deleted'].[VpcEndpointId, ServiceName]" 2>/dev/null |
        awk -F '\t' '$1 != "None" && NF { print "  endpoint " $1 " of " $2 (($2 ~ /guardduty/) ? ", made by GuardDuty" : "") "\n      delete it: aws ec2 delete-vpc-endpoints --vpc-endpoint-ids " $1 }'
      aws ec2 describe-security-groups --filters "Name=vpc-id,Values=$vpc" --output text \
        --query "SecurityGroups[?GroupName!='default'].[GroupId, GroupName]" 2>/dev/null |
        awk -F '\t' '$1 != "None" && NF {
          owner = ""
          if ($2 ~ /^GuardDuty/) owner = ", made by GuardDuty"
          if ($2 ~ /^CloudFront-VPCOrigins/) owner = ", made by CloudFront for its origins"
          print "  security group " $1 " " $2 owner "\n      delete it: aws ec2 delete-security-group --group-id " $1
        }'
      aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --output text \
        --query 'Subnets[].[SubnetId, CidrBlock]' 2>/dev/null |
        awk -F '\t' '$1 != "None" && NF { print "  subnet " $1 " " $2 }'
    )"
    if [ -n "$left" ]; then
      echo "The network $vpc still holds:"
      echo "$left"
    fi
  done
}

tagged() { # KEY VALUE
  aws resourcegroupstaggingapi get-resources --tag-filters "Key=$1,Values=$2" \
    --query 'ResourceTagMappingList[].ResourceARN' --output text | tr '\t' '\n' | grep -v -e '^None$' -e '^$' || true
}

log_group() { # NAME, exact
  aws logs describe-log-groups --log-group-name-prefix "$1" \
    --query "logGroups[?logGroupName=='$1'].logGroupName" --output text | tr '\t' '\n' | grep -v -e '^None$' -e '^$' || true
}

# True when a resource that was the stack's is still there. Asked one by one: tags are told late and
# not of everything, and a stack that is gone has none left. An answer that is no answer counts as
# there, so that nothing is passed over for lack of a right.
is_there() { # TYPE ID
  local answer
  case "$1" in
    AWS::S3::Bucket) answer="$(aws s3api head-bucket --bucket "$2" 2>&1)" && return ;;
    AWS::KMS::Key)
      answer="$(aws kms describe-key --key-id "$2" --query KeyMetadata.KeyState --output text 2>&1)" &&
        { [ "$answer" != PendingDeletion ] || return 1; } && return
      ;;
    AWS::EKS::Cluster) answer="$(aws eks describe-cluster --name "$2" 2>&1)" && return ;;
    AWS::EC2::VPC) answer="$(aws ec2 describe-vpcs --vpc-ids "$2" 2>&1)" && return ;;
    AWS::EC2::Subnet) answer="$(aws ec2 describe-subnets --subnet-ids "$2" 2>&1)" && return ;;
    AWS::EC2::SecurityGroup) answer="$(aws ec2 describe-security-groups --group-ids "$2" 2>&1)" && return ;;
    AWS::EC2::VPCEndpoint) answer="$(aws ec2 describe-vpc-endpoints --vpc-endpoint-ids "$2" --query "VpcEndpoints[?State!='deleted'] | [0].State" --output text 2>&1)" && [ "$answer" != None ] && return ;;
    AWS::EC2::NatGateway) answer="$(aws ec2 describe-nat-gateways --nat-gateway-ids "$2" --query "NatGateways[?State!='deleted'] | [0].State" --output text 2>&1)" && [ "$answer" != None ] && return ;;
    AWS::EC2::EIP) answer="$(aws ec2 describe-addresses --public-ips "$2" 2>&1)" && return ;;
    AWS::ElasticLoadBalancingV2::LoadBalancer) answer="$(aws elbv2 describe-load-balancers --load-balancer-arns "$2" 2>&1)" && return ;;
    AWS::ElasticLoadBalancingV2::TargetGroup) answer="$(aws elbv2 describe-target-groups --target-group-arns "$2" 2>&1)" && return ;;
    AWS::CloudFront::Distribution) answer="$(aws cloudfront get-distribution --id "$2" 2>&1)" && return ;;
    AWS::SecretsManager::Secret)
      answer="$(aws secretsmanager describe-secret --secret-id "$2" --query DeletedDate --output text 2>&1)" &&
        { [ "$answer" = None ] || return 1; } && return
      ;;
    AWS::IAM::Role) answer="$(aws iam get-role --role-name "$2" 2>&1)" && return ;;
    AWS::Lambda::Function) answer="$(aws lambda get-function --function-name "$2" 2>&1)" && return ;;
    AWS::Logs::LogGroup)
      [ -n "$(log_group "$2")" ]
      return
      ;;
    AWS::Athena::WorkGroup) answer="$(aws athena get-work-group --work-group "$2" 2>&1)" && return ;;
    AWS::SNS::Topic) answer="$(aws sns get-topic-attributes --topic-arn "$2" 2>&1)" && return ;;
    # What lives and dies with one of those above, or costs nothing and holds nothing
    *) return 1 ;;
  esac
  case "$answer" in
    None | *NotFound* | *NoSuch* | *404* | *"not found"* | *"does not exist"*) return 1 ;;
  esac
  return 0
}

# As the tags below would tell it, so that one thing is one line
named() { # TYPE ID
  case "$1" in
    AWS::S3::Bucket) echo "arn:aws:s3:::$2" ;;
    AWS::KMS::Key) echo "arn:aws:kms:$region:$account:key/$2" ;;
    AWS::Logs::LogGroup) echo "$2" ;;
    *) echo "$1 $2" ;;
  esac
}

# Load balancers, volumes and network interfaces that controllers in the cluster made carry the
# cluster's name as a tag; log groups are made by AWS under names that follow from the resource's.
find_leftovers() {
  local type id arn
  while IFS=$'\t' read -r type id; do
    if [ "$type" = AWS::S3::Bucket ] && ! bucket_is_ours "$id"; then
      # Another account's answers "forbidden"
      if aws s3api head-bucket --bucket "$id" >/dev/null 2>&1; then
        echo "bucket $id, which the stack made and which carries no tag of it: look whose it is, then: aws s3 rb s3://$id --force"
      fi
      continue
    fi
    if is_there "$type" "$id"; then named "$type" "$id"; fi
  done <"$work/resources"
  for arn in $(tagged aws:cloudformation:stack-name "$stack"); do
    # Asked for by name already, and a tag outlives what it was on
    case "$arn" in
      arn:*:s3:::* | arn:*:kms:* | arn:*:log-group:*) ;;
      *) grep -qF -- "${arn##*[/:]}" "$work/resources" || echo "$arn" ;;
    esac
  done
  for cluster in $clusters; do
    tagged elbv2.k8s.aws/cluster "$cluster"
    tagged "kubernetes.io/cluster/$cluster" owned
    tagged sql-etl/cluster "$cluster"
    log_group "/aws/eks/$cluster/cluster"
  done
  for function in $functions; do
    log_group "/aws/lambda/$function"
  done
  for repository in $repositories; do
    echo "repository/$repository"
  done
}

report_leftovers() {
  local left
  left="$(find_leftovers | sort -u)"
  if [ -z "$left" ]; then
    echo "Nothing is left of it."
    return
  fi
  echo "
Left over (the tags of volumes that were just deleted can linger for some minutes):"
  while read -r item; do
    case "$item" in
      arn:*:s3:::*) echo "  $item
      delete it with all its data: $0 $stack $region --empty-buckets" ;;
      arn:*:kms:*) echo "  $item
      the bucket cannot be read without it; with the bucket gone: $0 $stack $region --empty-buckets" ;;
      repository/*) echo "  image repository ${item#repository/}
      delete it with all its images: $0 $stack $region --images" ;;
      /*) echo "  log group $item
      delete it: aws logs delete-log-group --region $region --log-group-name $item" ;;
      *) echo "  $item" ;;
    esac
  done <<<"$left"
  report_network
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
