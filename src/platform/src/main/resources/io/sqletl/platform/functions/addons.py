"""Tells which version of each add-on EKS takes by default for a version of Kubernetes."""

import boto3


class Refusal(Exception):
    """What a person has to change, in a sentence for the stack's events."""


def default_version(pages, addon, kubernetes):
    for page in pages:
        for described in page["addons"]:
            for version in described["addonVersions"] if described["addonName"] == addon else []:
                for fit in version["compatibilities"]:
                    if fit["clusterVersion"] == kubernetes and fit.get("defaultVersion"):
                        return version["addonVersion"]
    raise Refusal(f"EKS has no version of {addon} for Kubernetes {kubernetes} in this region.")


def choose(properties, eks):
    kubernetes = properties["kubernetesVersion"]
    versions = eks.get_paginator("describe_addon_versions")
    return {
        addon: default_version(versions.paginate(kubernetesVersion=kubernetes, addonName=addon), addon, kubernetes)
        for addon in properties["addons"]
    }


def handler(event, context):
    import cfnresponse  # comes with inline code

    same = event.get("PhysicalResourceId", "addon-versions")
    if event["RequestType"] == "Delete":
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, same)
        return
    try:
        data = choose(event["ResourceProperties"], boto3.client("eks"))
        cfnresponse.send(event, context, cfnresponse.SUCCESS, data, same)
    except Exception as error:  # CloudFormation waits for an answer that does not come
        reason = str(error) if isinstance(error, Refusal) else f"{type(error).__name__}: {error}"
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, same, reason=reason)
