"""Makes users, groups, keys and policies with boto3 and reads all of it back, page by page. Prints nothing when all is as written."""
import json
import time

import boto3

from refusals import refused

iam = boto3.client("iam")
pull = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "Resource": "*"}],
}

# Users, in pages and by path.
names = [f"user-{number:02}" for number in range(25)]
for name in names:
    iam.create_user(UserName=name, Path="/team/" if name < "user-10" else "/", Tags=[{"Key": "n", "Value": name}])
pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 7})
assert [user["UserName"] for page in pages for user in page["Users"]] == names
assert len(iam.list_users(PathPrefix="/team/")["Users"]) == 10
refused("EntityAlreadyExists", iam.create_user, UserName="USER-01")
user = iam.get_user(UserName="user-03")["User"]
assert user["Arn"] == "arn:aws:iam::123456789012:user/team/user-03" and user["Tags"] == [{"Key": "n", "Value": "user-03"}], user
assert user["UserId"].startswith("AIDA") and abs(user["CreateDate"].timestamp() - time.time()) < 300, user
assert iam.get_user()["User"]["Arn"] == "arn:aws:iam::123456789012:root"

# Policies come back as the documents that they were, whatever the encoding on the wire.
policy = iam.create_policy(PolicyName="pull", PolicyDocument=json.dumps(pull, indent=2), Description="May pull.")["Policy"]
version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v1")["PolicyVersion"]
assert version["Document"] == pull and version["IsDefaultVersion"], version
for _ in range(4):
    iam.create_policy_version(PolicyArn=policy["Arn"], PolicyDocument=json.dumps(pull), SetAsDefault=True)
refused("LimitExceeded", iam.create_policy_version, PolicyArn=policy["Arn"], PolicyDocument=json.dumps(pull))
assert iam.get_policy(PolicyArn=policy["Arn"])["Policy"]["DefaultVersionId"] == "v5"
response = refused("MalformedPolicyDocument", iam.create_policy, PolicyName="bad", PolicyDocument='{"Statement": 1}')
assert response["ResponseMetadata"]["HTTPStatusCode"] == 400

# Groups, memberships, attachments, inline policies.
iam.create_group(GroupName="readers")
iam.add_user_to_group(GroupName="readers", UserName="user-00")
iam.attach_group_policy(GroupName="readers", PolicyArn=policy["Arn"])
iam.put_user_policy(UserName="user-00", PolicyName="own", PolicyDocument=json.dumps(pull))
assert iam.get_user_policy(UserName="user-00", PolicyName="own")["PolicyDocument"] == pull
assert [group["GroupName"] for group in iam.list_groups_for_user(UserName="user-00")["Groups"]] == ["readers"]
assert iam.list_entities_for_policy(PolicyArn=policy["Arn"])["PolicyGroups"][0]["GroupName"] == "readers"
details = [page for page in iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 5})]
assert sum(len(page["UserDetailList"]) for page in details) == 25
assert iam.get_account_summary()["SummaryMap"]["Users"] == 25

# Keys: two at most, the secret shown once, the report with all of them.
first = iam.create_access_key(UserName="user-00")["AccessKey"]
iam.create_access_key(UserName="user-00")
refused("LimitExceeded", iam.create_access_key, UserName="user-00")
assert len(first["SecretAccessKey"]) == 40
assert all("SecretAccessKey" not in key for key in iam.list_access_keys(UserName="user-00")["AccessKeyMetadata"])
assert iam.generate_credential_report()["State"] == "STARTED"
report = iam.get_credential_report()["Content"].decode().splitlines()
assert len(report) == 27 and report[1].startswith("<root_account>,"), report[:3]

# What is used cannot be deleted.
refused("DeleteConflict", iam.delete_user, UserName="user-00")
refused("DeleteConflict", iam.delete_group, GroupName="readers")
refused("DeleteConflict", iam.delete_policy, PolicyArn=policy["Arn"])
