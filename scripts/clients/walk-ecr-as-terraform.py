"""The calls of Terraform's AWS provider for what ECR's settings are made of: create, read after write, a plan without differences, update,
destroy. usage: walk-ecr-as-terraform.py. Prints nothing when every answer is what the provider goes on with."""
import json

import boto3

from refusals import refused

ecr = boto3.client("ecr")
account, region = "123456789012", ecr.meta.region_name


def same(one, two):
    """Policies are equal when they say the same, whatever their spaces and the order of what has none."""
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(member) for key, member in value.items()}
        if isinstance(value, list):
            members = [plain(member) for member in value]
            return members[0] if len(members) == 1 else sorted(members, key=json.dumps)
        return value

    return plain(json.loads(one)) == plain(json.loads(two))


def tags(arn):
    return {tag["Key"]: tag["Value"] for tag in ecr.list_tags_for_resource(resourceArn=arn)["tags"]}


# aws_ecr_repository
wanted = {
    "repositoryName": "team/app",
    "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
    "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "latest*"}],
    "imageScanningConfiguration": {"scanOnPush": False},
    "encryptionConfiguration": {"encryptionType": "AES256"},
}
made = ecr.create_repository(**wanted, tags=[{"Key": "team", "Value": "blue"}])["repository"]
for _ in range(2):
    [found] = ecr.describe_repositories(repositoryNames=["team/app"])["repositories"]
    assert {name: found[name] for name in wanted} == wanted and found == made, found
    assert tags(made["repositoryArn"]) == {"team": "blue"}
assert made["repositoryArn"] == f"arn:aws:ecr:{region}:{account}:repository/team/app", made
ecr.put_image_tag_mutability(registryId=account, repositoryName="team/app", imageTagMutability="MUTABLE")
ecr.tag_resource(resourceArn=made["repositoryArn"], tags=[{"Key": "team", "Value": "red"}, {"Key": "more", "Value": ""}])
[found] = ecr.describe_repositories(repositoryNames=["team/app"])["repositories"]
assert found["imageTagMutability"] == "MUTABLE" and "imageTagMutabilityExclusionFilters" not in found, found
assert tags(made["repositoryArn"]) == {"team": "red", "more": ""}
ecr.untag_resource(resourceArn=made["repositoryArn"], tagKeys=["more"])
assert tags(made["repositoryArn"]) == {"team": "red"}

# aws_ecr_repository_policy, aws_ecr_registry_policy
pull = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Pull", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": ["ecr:BatchGetImage"]}
        ],
    }
)
push = pull.replace("ecr:BatchGetImage", "ecr:PutImage")
registry = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Replicate",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": ["ecr:ReplicateImage"],
                "Resource": [f"arn:aws:ecr:{region}:{account}:repository/*"],
            }
        ],
    }
)
for text in (pull, push):
    ecr.set_repository_policy(repositoryName="team/app", policyText=text)
    for _ in range(2):
        assert same(ecr.get_repository_policy(repositoryName="team/app")["policyText"], text)
ecr.delete_repository_policy(registryId=account, repositoryName="team/app")
refused("RepositoryPolicyNotFoundException", ecr.get_repository_policy, repositoryName="team/app")
for text in (registry, registry.replace("ReplicateImage", "CreateRepository")):
    ecr.put_registry_policy(policyText=text)
    answer = ecr.get_registry_policy()
    assert same(answer["policyText"], text) and answer["registryId"] == account, answer
ecr.delete_registry_policy()
refused("RegistryPolicyNotFoundException", ecr.get_registry_policy)

# aws_ecr_lifecycle_policy, which Terraform replaces rather than updates
lifecycle = json.dumps(
    {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 9}, "action": {"type": "expire"}}]}
)
for text in (lifecycle, lifecycle.replace("9", "8")):
    ecr.put_lifecycle_policy(repositoryName="team/app", lifecyclePolicyText=text)
    for _ in range(2):
        assert same(ecr.get_lifecycle_policy(repositoryName="team/app")["lifecyclePolicyText"], text)
    ecr.delete_lifecycle_policy(registryId=account, repositoryName="team/app")
    refused("LifecyclePolicyNotFoundException", ecr.get_lifecycle_policy, repositoryName="team/app")

# aws_ecr_account_setting
for name, values in (("REGISTRY_POLICY_SCOPE", ["V1", "V2"]), ("BLOB_MOUNTING", ["DISABLED", "ENABLED"]), ("BASIC_SCAN_TYPE_VERSION", ["AWS_NATIVE"])):
    for value in values:
        assert ecr.put_account_setting(name=name, value=value)["value"] == value
        assert ecr.get_account_setting(name=name)["value"] == value

# aws_ecr_repository_creation_template
role = f"arn:aws:iam::{account}:role/maker"
trust = {"Effect": "Allow", "Principal": {"Service": "ecr.amazonaws.com"}, "Action": "sts:AssumeRole"}
absent = {"prefix": "prod", "appliedFor": ["CREATE_ON_PUSH"], "customRoleArn": role}
refused("ValidationException", ecr.create_repository_creation_template, **absent)
boto3.client("iam").create_role(RoleName="maker", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}))
template = {
    "prefix": "prod",
    "description": "For production",
    "encryptionConfiguration": {"encryptionType": "AES256"},
    "resourceTags": [{"Key": "team", "Value": "blue"}],
    "imageTagMutability": "IMMUTABLE",
    "repositoryPolicy": pull,
    "lifecyclePolicy": lifecycle,
    "appliedFor": ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE"],
    "customRoleArn": role,
}


def read(prefix):
    answer = ecr.describe_repository_creation_templates(prefixes=[prefix])
    assert answer["registryId"] == account, answer
    [found] = answer["repositoryCreationTemplates"]
    return found


made = ecr.create_repository_creation_template(**template)["repositoryCreationTemplate"]
for _ in range(2):
    found = read("prod")
    assert found == made, found
    for name, value in template.items():
        assert same(found[name], value) if name.endswith("Policy") else found[name] == value, (name, found)
updated = ecr.update_repository_creation_template(prefix="prod", description="Changed", imageTagMutability="MUTABLE", repositoryPolicy="")
assert updated["repositoryCreationTemplate"] == read("prod")
found = read("prod")
assert (found["description"], found["imageTagMutability"], "repositoryPolicy" in found) == ("Changed", "MUTABLE", False), found
assert found["createdAt"] == made["createdAt"] and found["resourceTags"] == template["resourceTags"], found
ecr.create_repository_creation_template(prefix="ROOT", appliedFor=["REPLICATION"])
assert (read("ROOT")["imageTagMutability"], read("ROOT")["encryptionConfiguration"]) == ("MUTABLE", {"encryptionType": "AES256"})
refused("TemplateAlreadyExistsException", ecr.create_repository_creation_template, prefix="ROOT", appliedFor=["REPLICATION"])
pages = ecr.get_paginator("describe_repository_creation_templates").paginate(PaginationConfig={"PageSize": 1})
assert [found["prefix"] for page in pages for found in page["repositoryCreationTemplates"]] == ["ROOT", "prod"]
for prefix in ("prod", "ROOT"):
    ecr.delete_repository_creation_template(prefix=prefix)
    refused("TemplateNotFoundException", ecr.delete_repository_creation_template, prefix=prefix)
    assert ecr.describe_repository_creation_templates(prefixes=[prefix])["repositoryCreationTemplates"] == []

# aws_ecr_pull_time_update_exclusion
user = f"arn:aws:iam::{account}:user/scanner"
ecr.register_pull_time_update_exclusion(principalArn=user)
assert ecr.list_pull_time_update_exclusions()["pullTimeUpdateExclusions"] == [user]
refused("ExclusionAlreadyExistsException", ecr.register_pull_time_update_exclusion, principalArn=user)
ecr.deregister_pull_time_update_exclusion(principalArn=user)
refused("ExclusionNotFoundException", ecr.deregister_pull_time_update_exclusion, principalArn=user)
assert ecr.list_pull_time_update_exclusions()["pullTimeUpdateExclusions"] == []

ecr.delete_repository(registryId=account, repositoryName="team/app", force=False)
refused("RepositoryNotFoundException", ecr.describe_repositories, repositoryNames=["team/app"])
