# shellcheck shell=bash
# shellcheck disable=SC2154 # region, account and stack, and what the stack had, are delete_all.sh's
# What a stack leaves behind when it is deleted. Sourced by delete_all.sh, never run.

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
        awk -v region="$region" -F '\t' '$1 != "None" && NF { print "  endpoint " $1 " of " $2 (($2 ~ /guardduty/) ? ", made by GuardDuty" : "") "\n      delete it: aws ec2 delete-vpc-endpoints --region " region " --vpc-endpoint-ids " $1 }'
      aws ec2 describe-security-groups --filters "Name=vpc-id,Values=$vpc" --output text \
        --query "SecurityGroups[?GroupName!='default'].[GroupId, GroupName]" 2>/dev/null |
        awk -v region="$region" -F '\t' '$1 != "None" && NF {
          owner = ""
          if ($2 ~ /^GuardDuty/) owner = ", made by GuardDuty"
          if ($2 ~ /^CloudFront-VPCOrigins/) owner = ", made by CloudFront for its origins"
          print "  security group " $1 " " $2 owner "\n      delete it: aws ec2 delete-security-group --region " region " --group-id " $1
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
  # Each return says its status: in the trap at the end of the script, one that does not has that of the script
  local answer
  case "$1" in
    AWS::S3::Bucket) answer="$(aws s3api head-bucket --bucket "$2" 2>&1)" && return 0 ;;
    AWS::KMS::Key)
      answer="$(aws kms describe-key --key-id "$2" --query KeyMetadata.KeyState --output text 2>&1)" &&
        { [ "$answer" != PendingDeletion ] || return 1; } && return 0
      ;;
    AWS::EKS::Cluster) answer="$(aws eks describe-cluster --name "$2" 2>&1)" && return 0 ;;
    AWS::EC2::VPC) answer="$(aws ec2 describe-vpcs --vpc-ids "$2" 2>&1)" && return 0 ;;
    AWS::EC2::Subnet) answer="$(aws ec2 describe-subnets --subnet-ids "$2" 2>&1)" && return 0 ;;
    AWS::EC2::SecurityGroup) answer="$(aws ec2 describe-security-groups --group-ids "$2" 2>&1)" && return 0 ;;
    AWS::EC2::VPCEndpoint) answer="$(aws ec2 describe-vpc-endpoints --vpc-endpoint-ids "$2" --query "VpcEndpoints[?State!='deleted'] | [0].State" --output text 2>&1)" && [ "$answer" != None ] && return 0 ;;
    AWS::EC2::NatGateway) answer="$(aws ec2 describe-nat-gateways --nat-gateway-ids "$2" --query "NatGateways[?State!='deleted'] | [0].State" --output text 2>&1)" && [ "$answer" != None ] && return 0 ;;
    AWS::EC2::EIP) answer="$(aws ec2 describe-addresses --public-ips "$2" 2>&1)" && return 0 ;;
    AWS::ElasticLoadBalancingV2::LoadBalancer) answer="$(aws elbv2 describe-load-balancers --load-balancer-arns "$2" 2>&1)" && return 0 ;;
    AWS::ElasticLoadBalancingV2::TargetGroup) answer="$(aws elbv2 describe-target-groups --target-group-arns "$2" 2>&1)" && return 0 ;;
    AWS::CloudFront::Distribution) answer="$(aws cloudfront get-distribution --id "$2" 2>&1)" && return 0 ;;
    AWS::SecretsManager::Secret)
      answer="$(aws secretsmanager describe-secret --secret-id "$2" --query DeletedDate --output text 2>&1)" &&
        { [ "$answer" = None ] || return 1; } && return 0
      ;;
    AWS::IAM::Role) answer="$(aws iam get-role --role-name "$2" 2>&1)" && return 0 ;;
    AWS::Lambda::Function) answer="$(aws lambda get-function --function-name "$2" 2>&1)" && return 0 ;;
    AWS::Logs::LogGroup)
      if [ -n "$(log_group "$2")" ]; then return 0; else return 1; fi
      ;;
    AWS::Athena::WorkGroup) answer="$(aws athena get-work-group --work-group "$2" 2>&1)" && return 0 ;;
    AWS::SNS::Topic) answer="$(aws sns get-topic-attributes --topic-arn "$2" 2>&1)" && return 0 ;;
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
