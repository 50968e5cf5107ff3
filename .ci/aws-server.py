"""A local AWS API for the tests of the deployment scripts: moto, with what it lacks for them.

Usage: aws-server.py PORT
"""

import sys

from moto.core.common_models import CloudFormationModel
from moto.eks.models import eks_backends
from moto.server import main


class Cluster(CloudFormationModel):
    """AWS::EKS::Cluster, which moto's CloudFormation does not know."""

    __module__ = "moto.eks.models"  # moto reads the service from here

    def __init__(self, name: str):
        self.name = name

    @property
    def physical_resource_id(self) -> str:
        return self.name

    def is_created(self) -> bool:
        return True

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::EKS::Cluster"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return False

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        eks_backends[account_id][region_name].create_cluster(
            name=resource_name, role_arn=properties["RoleArn"], resources_vpc_config={"subnetIds": []}
        )
        return cls(resource_name)

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        eks_backends[account_id][region_name].delete_cluster(resource_name)


main(["--port", sys.argv[1]])
