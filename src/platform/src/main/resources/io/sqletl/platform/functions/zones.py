"""Chooses the two availability zones of the stack, and the instance types that they offer.

CloudFormation runs it before anything else is made. What it chose is the physical id of its
resource, and stays when the stack is updated: subnets and volumes are bound to their zones.
"""

import boto3

# Zones by id, since their names differ by account
REFUSED_BY_EKS = {"use1-az3", "usw1-az2", "cac1-az3"}
WITHOUT_VPC_ORIGINS = {"use1-az3", "usw1-az2", "cac1-az3", "apne1-az3", "apne2-az1"}


class Refusal(Exception):
    """What a person has to change, in a sentence for the stack's events."""


def zones_of(ec2):
    answer = ec2.describe_availability_zones(
        Filters=[{"Name": "state", "Values": ["available"]}, {"Name": "zone-type", "Values": ["availability-zone"]}]
    )
    return {zone["ZoneName"]: zone["ZoneId"] for zone in sorted(answer["AvailabilityZones"], key=lambda z: z["ZoneName"])}


def offers(ec2, types):
    """By zone, those of the types that it has, in the order that was asked for."""
    found = {}
    pages = ec2.get_paginator("describe_instance_type_offerings").paginate(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": sorted(set(types))}]
    )
    for page in pages:
        for offer in page["InstanceTypeOfferings"]:
            found.setdefault(offer["Location"], set()).add(offer["InstanceType"])
    return {zone: [name for name in types if name in names] for zone, names in found.items()}


def named(asked, zones):
    """The names of zones that were given as a letter, a name or an id."""
    names = []
    for zone in asked:
        matches = [name for name, zone_id in zones.items() if zone in (name, zone_id, name[-1])]
        if len(matches) != 1:
            raise Refusal(f"There is no zone {zone} here. There are: " + ", ".join(f"{n} ({i})" for n, i in zones.items()))
        names += matches
    return names


def problem(zone, zone_id, refused, on_demand, spot, wanted):
    if zone_id in refused:
        return f"{zone} is {zone_id}, which EKS or CloudFront's VPC origins do not support"
    for kind, offered in (("onDemandTypes", on_demand), ("spotTypes", spot)):
        if not offered.get(zone):
            return f"{zone} offers none of {kind}: " + ", ".join(wanted[kind])
    return None


def private_subnets(ec2, vpc, ids):
    """By zone, the subnet that has a way out but none in, with the most free addresses."""
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Vpcs"]
    if not vpcs:
        raise Refusal(f"There is no VPC {vpc} in this region of this account.")
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    by_subnet = {a["SubnetId"]: t for t in tables for a in t["Associations"] if "SubnetId" in a}
    main = next((t for t in tables for a in t["Associations"] if a.get("Main")), {"Routes": []})
    found, all_ids = {}, []
    for subnet in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]:
        all_ids.append(subnet["SubnetId"])
        routes = by_subnet.get(subnet["SubnetId"], main)["Routes"]
        ways = [r for r in routes if r.get("DestinationCidrBlock") == "0.0.0.0/0"]
        private = ways and not any(r.get("GatewayId", "").startswith("igw-") for r in ways)
        if subnet["SubnetId"] in ids and not private:
            raise Refusal(f"Subnet {subnet['SubnetId']} is public, or has no route out: nodes need a NAT gateway or the like.")
        if private and (not ids or subnet["SubnetId"] in ids):
            other = found.get(subnet["AvailabilityZone"])
            if not other or subnet["AvailableIpAddressCount"] > other["AvailableIpAddressCount"]:
                found[subnet["AvailabilityZone"]] = subnet
    if set(ids) - set(all_ids):
        raise Refusal(f"VPC {vpc} has no subnet " + ", ".join(sorted(set(ids) - set(all_ids))) + ".")
    return vpcs[0]["CidrBlock"], {zone: subnet["SubnetId"] for zone, subnet in found.items()}


def choose(properties, chosen, ec2):
    """What the stack is told.

    chosen: the zones, or with a VPC of one's own the subnets, of an earlier call; empty at first.
    """
    wanted = {kind: properties[kind] for kind in ("onDemandTypes", "spotTypes")}
    zones = zones_of(ec2)
    on_demand, spot = (offers(ec2, wanted[kind]) for kind in ("onDemandTypes", "spotTypes"))
    refused = REFUSED_BY_EKS | (WITHOUT_VPC_ORIGINS if properties["entry"] == "cloudfront" else set())
    asked = named(properties.get("zones", []), zones)
    cidr, subnets = None, None
    if chosen and chosen[0].startswith("subnet-") != bool(properties.get("vpcId")):
        raise Refusal("The network of a stack cannot be changed. Deploy another stack.")
    given = properties.get("subnetIds", [])
    if chosen and given and sorted(chosen) != sorted(given):
        raise Refusal("The subnets of a stack cannot be changed, they are " + ", ".join(chosen) + ". Deploy another stack.")
    if properties.get("vpcId"):
        cidr, subnets = private_subnets(ec2, properties["vpcId"], chosen or given)
        held = [zone for zone, subnet in subnets.items() if subnet in chosen]
    else:
        held = chosen
    if held and asked and sorted(held) != sorted(asked):
        raise Refusal("The zones of a stack cannot be changed, they are " + ", ".join(held) + ". Deploy another stack.")
    candidates = held or asked or list(zones)
    if subnets is not None:
        candidates = [zone for zone in candidates if zone in subnets]
    problems = {zone: problem(zone, zones.get(zone), refused, on_demand, spot, wanted) for zone in candidates}
    good = [zone for zone in candidates if not problems[zone]]
    if (asked or held) and any(problems.values()):
        good = []
    if len(good) < 2:
        where = f"Private subnets of {properties['vpcId']} in two zones" if subnets is not None else "Two zones"
        raise Refusal(where + " are needed. " + ". ".join(p for p in problems.values() if p))
    first, second = good[:2]
    data = {"Zone1": first, "Zone2": second}
    for number, zone in enumerate((first, second), 1):
        data[f"OnDemandTypes{number}"] = on_demand[zone]
        data[f"SpotTypes{number}"] = spot[zone]
        if subnets is not None:
            data[f"Subnet{number}"] = subnets[zone]
    if cidr:
        data["Cidr"] = cidr
    return data


def physical_id(data):
    return "|".join(data.get(f"Subnet{n}", data[f"Zone{n}"]) for n in (1, 2))


def handler(event, context):
    import cfnresponse  # comes with inline code

    earlier = event.get("PhysicalResourceId", "")
    if event["RequestType"] == "Delete":
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, earlier)
        return
    try:
        chosen = earlier.split("|") if event["RequestType"] == "Update" and "|" in earlier else []
        data = choose(event["ResourceProperties"], chosen, boto3.client("ec2"))
        cfnresponse.send(event, context, cfnresponse.SUCCESS, data, physical_id(data))
    except Exception as error:  # CloudFormation waits an hour for an answer that does not come
        reason = str(error) if isinstance(error, Refusal) else f"{type(error).__name__}: {error}"
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, earlier or "none", reason=reason)
