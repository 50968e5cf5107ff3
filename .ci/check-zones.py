"""Runs the functions that look things up: zones and instance types against a local AWS API, versions of
add-ons against an answer in the form of EKS's, which that API lacks.

Usage: check-zones.py, with AWS_ENDPOINT_URL and credentials in the environment.
"""

import importlib.util
import sys
from pathlib import Path

import boto3

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True


def function(name):
    folder = ROOT / "src/platform/src/main/resources/io/sqletl/platform/functions"
    specification = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


zones = function("zones")
addons = function("addons")

failures = []


def check(description, condition, seen):
    if not condition:
        failures.append(description)
        print(f"FAILED: {description}: {seen}")


def choose(region, chosen=(), **properties):
    """What the function answers, or its refusal as text."""
    asked = {"entry": "cloudfront", "onDemandTypes": ["m5.xlarge", "m6i.xlarge"], "spotTypes": ["r5.xlarge", "r6i.xlarge"]}
    try:
        return zones.choose({**asked, **properties}, list(chosen), boto3.client("ec2", region_name=region))
    except zones.Refusal as refusal:
        return str(refusal)


def ids(region):
    answer = boto3.client("ec2", region_name=region).describe_availability_zones()["AvailabilityZones"]
    return {zone["ZoneName"]: zone["ZoneId"] for zone in answer}


refused = zones.REFUSED_BY_EKS
for region in ("us-east-1", "us-west-1", "ca-central-1", "eu-central-1", "ap-northeast-1"):
    names = ids(region)
    answer = choose(region)
    if isinstance(answer, str):
        check(f"{region}: a refusal says what is missing", "Two zones are needed" in answer, answer)
        continue
    pair = [answer["Zone1"], answer["Zone2"]]
    check(f"{region}: two zones", len(set(pair)) == 2, answer)
    check(f"{region}: none that EKS refuses", not refused & {names[zone] for zone in pair}, pair)
    check(f"{region}: types come in the order that was asked for", answer["OnDemandTypes1"][0] == "m5.xlarge", answer)

names = ids("us-east-1")
by_id = {zone_id: name for name, zone_id in names.items()}
bad = by_id["use1-az3"]
answer = choose("us-east-1", zones=["use1-az2", "use1-az1"])
check("zones by id", [answer["Zone1"], answer["Zone2"]] == [by_id["use1-az2"], by_id["use1-az1"]], answer)
letters = [by_id["use1-az4"][-1], by_id["use1-az1"]]
answer = choose("us-east-1", zones=letters)
check("by letter and by name", answer["Zone1"] == by_id["use1-az4"] and answer["Zone2"] == letters[1], answer)
answer = choose("us-east-1", zones=["use1-az3", "use1-az1"])
check("a refused zone that is asked for is named", "use1-az3, which EKS" in answer, answer)
answer = choose("us-east-1", zones=["use1-az9", "use1-az1"])
check("a zone that is not there is named", "There is no zone use1-az9" in answer and "use1-az1" in answer, answer)
check("without CloudFront its exceptions do not count", isinstance(choose("ap-northeast-1", entry="none"), dict), "")

answer = choose("us-east-1", onDemandTypes=["m9z.xlarge", "m5.xlarge"])
check("a type that no zone has is left out", answer["OnDemandTypes1"] == ["m5.xlarge"], answer)
answer = choose("us-east-1", onDemandTypes=["m9z.xlarge"])
check("none at all is said", "offers none of onDemandTypes: m9z.xlarge" in answer, answer)

kept = [by_id["use1-az6"], by_id["use1-az4"]]
answer = choose("us-east-1", chosen=kept, spotTypes=["r6i.xlarge"])
check("an update keeps the zones", [answer["Zone1"], answer["Zone2"]] == kept, answer)
answer = choose("us-east-1", chosen=kept, zones=["use1-az1", "use1-az2"])
check("an update cannot move", "cannot be changed" in answer, answer)
answer = choose("us-east-1", chosen=kept, vpcId="vpc-0a1b2c3d")
check("nor into another network", "network of a stack cannot be changed" in answer, answer)

# A network of one's own: a public and a private subnet in each of three zones, one of them refused
ec2 = boto3.client("ec2", region_name="us-east-1")
vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
private, public = {}, {}
for number, zone_id in enumerate(("use1-az3", "use1-az1", "use1-az2")):
    for kind, offset in ((public, 0), (private, 16)):
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number + offset}.0/24", AvailabilityZone=by_id[zone_id])
        kind[zone_id] = subnet["Subnet"]["SubnetId"]
nat = ec2.create_nat_gateway(SubnetId=public["use1-az1"], ConnectivityType="private")["NatGateway"]["NatGatewayId"]
for kind, target in ((public, {"GatewayId": gateway}), (private, {"NatGatewayId": nat})):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
    for subnet in kind.values():
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
answer = choose("us-east-1", vpcId=vpc)
check("its private subnets in zones that EKS takes", isinstance(answer, dict) and
      {answer["Subnet1"], answer["Subnet2"]} == {private["use1-az1"], private["use1-az2"]}, answer)  # fmt: skip
check("its addresses", answer["Cidr"] == "10.9.0.0/16", answer)
check("they are what the resource is known by", zones.physical_id(answer).startswith("subnet-"), answer)
again = choose("us-east-1", vpcId=vpc, chosen=zones.physical_id(answer).split("|"), spotTypes=["r6i.xlarge"])
check("and what an update keeps", again["Subnet1"] == answer["Subnet1"] and again["Subnet2"] == answer["Subnet2"], again)
other = choose("us-east-1", vpcId=vpc, chosen=zones.physical_id(answer).split("|"), subnetIds=[private["use1-az1"], private["use1-az3"]])
check("others are refused then", "subnets of a stack cannot be changed" in other, other)
answer = choose("us-east-1", vpcId=vpc, subnetIds=[public["use1-az1"], private["use1-az2"]])
check("a public subnet is refused", f"Subnet {public['use1-az1']} is public" in answer, answer)
answer = choose("us-east-1", vpcId=vpc, subnetIds=[private["use1-az3"], private["use1-az2"]])
check("a subnet in a refused zone too", "use1-az3, which EKS" in answer, answer)
answer = choose("us-east-1", vpcId=vpc, subnetIds=[private["use1-az2"], "subnet-0a1b2c3d"])
check("one that is not there", "has no subnet subnet-0a1b2c3d" in answer, answer)
answer = choose("us-east-1", vpcId="vpc-0a1b2c3d")
check("a network that is not there", "There is no VPC vpc-0a1b2c3d" in answer, answer)



class Eks:
    """Two versions of an add-on, the newer of which EKS does not take by default yet, a page each."""

    def get_paginator(self, name):
        assert name == "describe_addon_versions"
        return self

    def paginate(self, kubernetesVersion, addonName):
        def version(name, default):
            return {"addonVersion": name, "compatibilities": [{"clusterVersion": kubernetesVersion, "defaultVersion": default}]}

        versions = [version("v1.2.0-eksbuild.1", False), version("v1.1.0-eksbuild.3", True)]
        for one in [] if addonName == "unheard" else versions:
            yield {"addons": [{"addonName": addonName, "addonVersions": [one]}]}


answer = addons.choose({"kubernetesVersion": "1.36", "addons": ["coredns", "vpc-cni"]}, Eks())
check("the versions that EKS takes by default", answer == {"coredns": "v1.1.0-eksbuild.3", "vpc-cni": "v1.1.0-eksbuild.3"}, answer)
try:
    addons.choose({"kubernetesVersion": "1.36", "addons": ["unheard"]}, Eks())
    check("an add-on that is not there is told", False, "nothing was said")
except addons.Refusal as refusal:
    check("an add-on that is not there is told", "no version of unheard for Kubernetes 1.36" in str(refusal), refusal)

sys.exit(bool(failures))
