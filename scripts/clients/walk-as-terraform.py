"""The calls of Terraform's AWS provider: at its start, and for the life of a role, a policy and an identity provider. Prints nothing
when every answer is what the provider goes on with."""
import json

import boto3

from refusals import refused

iam, sts = boto3.client("iam"), boto3.client("sts")
account = "123456789012"

# Start-up: whose credentials are these, and of which account?
assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{account}:root"
assert iam.get_user()["User"]["Arn"].split(":")[4] == account
assert iam.list_roles(MaxItems=1)["Roles"] == []

# aws_iam_policy
document = {
    "Version": "2012-10-17",
    "Statement": [{"Action": ["ecr:BatchGetImage"], "Effect": "Allow", "Resource": "*", "Sid": "Pull"}],
}
policy = iam.create_policy(PolicyName="pull", Path="/", PolicyDocument=json.dumps(document), Tags=[{"Key": "a", "Value": "b"}])["Policy"]["Arn"]
assert iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"] == "v1"
assert iam.get_policy_version(PolicyArn=policy, VersionId="v1")["PolicyVersion"]["Document"] == document

# aws_iam_openid_connect_provider
url = "https://token.actions.githubusercontent.com"
provider = iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["6938fd4d98bab03faadb97b34396831e3780aea1"])
provider = provider["OpenIDConnectProviderArn"]
found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
assert found["Url"] == url.removeprefix("https://") and found["ClientIDList"] == ["sts.amazonaws.com"], found
iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=provider, ClientID="other")
iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=provider, ThumbprintList=["a" * 40])
iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=provider, Tags=[{"Key": "a", "Value": "b"}])
found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
assert found["ClientIDList"] == ["other", "sts.amazonaws.com"] and found["Tags"] == [{"Key": "a", "Value": "b"}], found
assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": provider}]

# aws_iam_role, with the policy inline and attached, in an instance profile
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
                "StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/app:*"},
            },
            "Effect": "Allow",
            "Principal": {"Federated": provider},
        }
    ],
}
open_trust = json.loads(json.dumps(trust))
del open_trust["Statement"][0]["Condition"]["StringLike"]
refused("MalformedPolicyDocument", iam.create_role, RoleName="deploy", AssumeRolePolicyDocument=json.dumps(open_trust))
refused("NoSuchEntity", iam.get_role, RoleName="deploy")
role = iam.create_role(
    RoleName="deploy", Path="/ci/", AssumeRolePolicyDocument=json.dumps(trust), MaxSessionDuration=3600, Description="d",
    PermissionsBoundary=policy, Tags=[{"Key": "team", "Value": "red"}])["Role"]
assert role["Arn"] == f"arn:aws:iam::{account}:role/ci/deploy" and role["AssumeRolePolicyDocument"] == trust, role
found = iam.get_role(RoleName="deploy")["Role"]
assert found["RoleId"] == role["RoleId"] and found["PermissionsBoundary"]["PermissionsBoundaryArn"] == policy, found
assert found["Tags"] == [{"Key": "team", "Value": "red"}] and found["RoleLastUsed"] == {}, found
iam.put_role_policy(RoleName="deploy", PolicyName="own", PolicyDocument=json.dumps(document))
iam.attach_role_policy(RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser")
assert iam.list_role_policies(RoleName="deploy")["PolicyNames"] == ["own"]
attached = iam.list_attached_role_policies(RoleName="deploy")["AttachedPolicies"]
assert [policy["PolicyName"] for policy in attached] == ["AmazonEC2ContainerRegistryPowerUser"], attached
iam.update_assume_role_policy(RoleName="deploy", PolicyDocument=json.dumps(trust, indent=4))
iam.update_role(RoleName="deploy", MaxSessionDuration=7200, Description="new")
iam.tag_role(RoleName="deploy", Tags=[{"Key": "team", "Value": "blue"}])
iam.delete_role_permissions_boundary(RoleName="deploy")
found = iam.get_role(RoleName="deploy")["Role"]
assert (found["MaxSessionDuration"], found["Description"]) == (7200, "new") and "PermissionsBoundary" not in found, found
assert found["Tags"] == [{"Key": "team", "Value": "blue"}], found
iam.create_instance_profile(InstanceProfileName="node")
iam.add_role_to_instance_profile(InstanceProfileName="node", RoleName="deploy")
profile = iam.get_instance_profile(InstanceProfileName="node")["InstanceProfile"]
assert [role["RoleName"] for role in profile["Roles"]] == ["deploy"], profile
details = iam.get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
assert details[0]["AssumeRolePolicyDocument"] == trust and details[0]["InstanceProfileList"][0]["InstanceProfileName"] == "node", details

# Destroy, in the provider's order
assert [p["InstanceProfileName"] for p in iam.list_instance_profiles_for_role(RoleName="deploy")["InstanceProfiles"]] == ["node"]
refused("DeleteConflict", iam.delete_role, RoleName="deploy")
iam.remove_role_from_instance_profile(InstanceProfileName="node", RoleName="deploy")
iam.delete_instance_profile(InstanceProfileName="node")
iam.detach_role_policy(RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser")
iam.delete_role_policy(RoleName="deploy", PolicyName="own")
iam.delete_role(RoleName="deploy")
refused("NoSuchEntity", iam.get_role, RoleName="deploy")
iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
refused("NoSuchEntity", iam.get_open_id_connect_provider, OpenIDConnectProviderArn=provider)
assert iam.list_policy_versions(PolicyArn=policy)["Versions"][0]["IsDefaultVersion"]
iam.delete_policy(PolicyArn=policy)

# aws_iam_service_linked_role
linked = iam.create_service_linked_role(AWSServiceName="replication.ecr.amazonaws.com")["Role"]
refused("UnmodifiableEntity", iam.delete_role, RoleName=linked["RoleName"])
task = iam.delete_service_linked_role(RoleName=linked["RoleName"])["DeletionTaskId"]
assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"

# AWS's own policies
names = {p["PolicyName"] for page in iam.get_paginator("list_policies").paginate(Scope="AWS", PaginationConfig={"PageSize": 7}) for p in page["Policies"]}
assert {"AdministratorAccess", "AmazonEC2ContainerRegistryPullOnly", "AmazonECSTaskExecutionRolePolicy"} <= names, names
