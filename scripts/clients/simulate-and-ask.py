"""Asks the simulator what a user with some policies may do, and then does it as that user: by every operation of ECR that the server has, and
on the docker path. The two must say the same. Prints the number of comparisons."""
import base64
import json
import os
import urllib.error
import urllib.request

import boto3
from botocore.exceptions import ClientError

iam = boto3.client("iam")
root = boto3.client("ecr")
registry = "arn:aws:ecr:us-east-1:123456789012:repository"
digest = "sha256:" + "0" * 64
upload = "00000000-0000-4000-8000-000000000000"


def statement(effect, actions, resource="*", **more):
    return {"Effect": effect, "Action": actions, "Resource": resource, **more}


# Users, each with some statements of its own.
token = statement("Allow", "ecr:GetAuthorizationToken")
users = {
    "nobody": [],
    "puller": [statement("Allow", ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"])],
    "one-repository": [statement("Allow", "ecr:*", f"{registry}/app"), token],
    "all-but": [statement("Allow", "ecr:*"), statement("Deny", ["ecr:Put*", "ecr:BatchGetImage"], f"{registry}/oth*")],
    "inverted": [{"Effect": "Allow", "NotAction": ["ecr:Delete*", "iam:*"], "Resource": "*"}],
    "elsewhere": [statement("Allow", "ecr:*", Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), token],
    "itself": [
        statement("Allow", "ecr:*", f"{registry}/${{aws:username}}"), token,
        statement("Allow", "iam:GetUser", "arn:aws:iam::123456789012:user/${aws:username}"),
    ],
    "bounded": [statement("Allow", "*")],
    "settings-only": [statement("Allow", ["ecr:*AccountSetting", "ecr:*Registry*"]), token],
    "granted": [token],
}
managed = {"bounded": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"}

# What the members of a request are that must be there. Whatever they change, no policy of this script asks for it.
harmless = {"Effect": "Deny", "Principal": "*", "Action": "ecr:ReplicateImage"}
document = lambda *statements: json.dumps({"Version": "2012-10-17", "Statement": statements})  # noqa: E731
rule = {"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 100}, "action": {"type": "expire"}}
values = {
    "layerDigest": digest, "layerDigests": [digest], "uploadId": upload, "imageManifest": "{}", "imageTagMutability": "MUTABLE",
    "imageId": {"imageTag": "none"}, "imageIds": [{"imageTag": "none"}], "subjectId": {"imageDigest": digest},
    "partFirstByte": 0, "partLastByte": 0, "layerPartBlob": b"x", "tags": [{"Key": "colour", "Value": "red"}], "tagKeys": ["colour"],
    "lifecyclePolicyText": json.dumps({"rules": [rule]}), "imageScanningConfiguration": {"scanOnPush": False}, "targetStorageClass": "STANDARD",
    "name": "BLOB_MOUNTING", "value": "ENABLED", "prefix": "sim", "appliedFor": ["CREATE_ON_PUSH"],
    "ecrRepositoryPrefix": "sim", "upstreamRegistryUrl": "public.ecr.aws", "principalArn": "arn:aws:iam::123456789012:user/nobody",
    "replicationConfiguration": {"rules": []}, "signingConfiguration": {"rules": []}, "replicationBackfillId": upload,
    "destination": {"region": "eu-west-1", "registryId": "123456789012"},
}  # fmt: skip
model = root.meta.service_model


def request(operation, name):
    """A request of the operation, on the repository `name` where it is about one."""
    members = model.operation_model(operation).input_shape.members
    required = model.operation_model(operation).input_shape.required_members
    sample = {member: values[member] for member in required if member in values}
    for member, value in {"repositoryName": name, "repositoryNames": [name], "resourceArn": f"{registry}/{name}"}.items():
        if member in members:
            sample[member] = value
    if "policyText" in required:
        sample["policyText"] = document(harmless if "repositoryName" in members else harmless | {"Resource": f"{registry}/*"})
    missing = set(required) - set(sample)
    assert not missing, f"{operation}: nothing to say for {missing}"
    return sample


def is_on_repository(operation):
    return any(member in model.operation_model(operation).input_shape.members for member in ("repositoryName", "repositoryNames", "resourceArn"))


def call(ecr, operation, name):
    """The code of the refusal; None when there is none."""
    try:
        ecr._make_api_call(operation, request(operation, name))
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def is_there(operation):
    """Whether the server has the operation. Its request must be one that the server reads, or no user would ever be refused."""
    code = call(root, operation, "absent")
    assert code not in ("SerializationException", "ValidationException"), (operation, code)
    return code != "UnsupportedOperationException"


docker = {
    "ecr:BatchGetImage": [("GET", "manifests/none"), ("HEAD", "manifests/none"), ("GET", f"referrers/{digest}")],
    "ecr:GetDownloadUrlForLayer": [("GET", f"blobs/{digest}")], "ecr:ListImages": [("GET", "tags/list")],
    "ecr:BatchCheckLayerAvailability": [("HEAD", f"blobs/{digest}")], "ecr:InitiateLayerUpload": [("POST", "blobs/uploads/")],
    "ecr:UploadLayerPart": [("PATCH", f"blobs/uploads/{upload}"), ("GET", f"blobs/uploads/{upload}"), ("DELETE", f"blobs/uploads/{upload}")],
    "ecr:CompleteLayerUpload": [("PUT", f"blobs/uploads/{upload}?digest={digest}")], "ecr:PutImage": [("PUT", "manifests/none")],
    "ecr:BatchDeleteImage": [("DELETE", "manifests/none"), ("DELETE", f"blobs/{digest}")],
}  # fmt: skip


def docker_allows(endpoint, password, method, name, path):
    asked = urllib.request.Request(f"{endpoint}/v2/{name}/{path}", method=method)
    asked.add_header("Authorization", "Basic " + base64.b64encode(f"AWS:{password}".encode()).decode())
    try:
        return urllib.request.urlopen(asked).status < 400
    except urllib.error.HTTPError as error:
        return error.code != 403


operations = [operation for operation in model.operation_names if operation != "GetAuthorizationToken" and is_there(operation)]
assert len(operations) > 25, operations
names = ["app", "other", "itself"]
for name in [*names, "shared"]:
    root.create_repository(repositoryName=name)
endpoint = os.environ["AWS_ENDPOINT_URL"]
context = [{"ContextKeyName": "aws:SourceIp", "ContextKeyValues": ["127.0.0.1"], "ContextKeyType": "ip"}]
comparisons = 0


def simulated(actions, resource, simulate, **more):
    found = simulate(ActionNames=actions, ResourceArns=[resource], ContextEntries=context, **more)["EvaluationResults"]
    return {result["EvalActionName"]: result["EvalDecision"] == "allowed" for result in found}


def compare(user, ecr, name, actions, expected, password):
    global comparisons
    for operation in actions:
        code = call(ecr, operation, name)
        # The one operation that another's action allows.
        allowed = expected["ecr:BatchGetImage" if operation == "ListImageReferrers" else f"ecr:{operation}"]
        assert (code != "AccessDeniedException") == allowed, (user, operation, name, allowed, code)
        comparisons += 1
    for action, requests in docker.items() if password else []:
        if action not in expected:
            continue
        for method, path in requests:
            assert docker_allows(endpoint, password, method, name, path) == expected[action], ("docker", user, method, path, name, expected[action])
            comparisons += 1


for user, statements in users.items():
    arn = iam.create_user(UserName=user, **({"PermissionsBoundary": managed[user]} if user in managed else {}))["User"]["Arn"]
    policy = document(*statements)
    if statements:
        iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=policy)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    session = boto3.Session(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    ecr = session.client("ecr")
    as_user = lambda **asked: iam.simulate_principal_policy(PolicySourceArn=arn, **asked)  # noqa: B023, E731
    alone = lambda **asked: iam.simulate_custom_policy(PolicyInputList=[policy], CallerArn=arn, **asked)  # noqa: B023, E731

    may = simulated(["ecr:GetAuthorizationToken"], "*", as_user)["ecr:GetAuthorizationToken"]
    password = None
    try:
        data = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
        password = base64.b64decode(data).decode().split(":", 1)[1]
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException", error
    assert (password is not None) == may, (user, may)

    everywhere = [operation for operation in operations if not is_on_repository(operation)]
    somewhere = [operation for operation in operations if is_on_repository(operation)]
    expected = simulated([f"ecr:{operation}" for operation in everywhere], "*", as_user)
    compare(user, ecr, "app", everywhere, expected, None)
    for name in names:
        actions = [f"ecr:{operation}" for operation in somewhere]
        expected = simulated(actions, f"{registry}/{name}", as_user)
        if statements and user not in managed:
            custom = simulated(actions, f"{registry}/{name}", alone)
            assert custom == expected, (user, name, custom, expected)
        compare(user, ecr, name, somewhere, expected, password)

    # What the policy of a repository gives, and takes, besides.
    actions = ["ecr:DescribeImages", "ecr:BatchGetImage", "ecr:ListImages", "ecr:GetDownloadUrlForLayer"]
    shared = document(
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/nobody"}, "Action": actions},
        {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "ecr:*"},
        {"Effect": "Allow", "Principal": "*", "Action": "ecr:DescribeImages"},
        {"Effect": "Deny", "Principal": "*", "Action": "ecr:ListImages"},
    )
    if user == "nobody":
        root.set_repository_policy(repositoryName="shared", policyText=shared)
    asked = {"ResourcePolicy": shared, "ResourceOwner": "arn:aws:iam::123456789012:root", "CallerArn": arn}
    expected = simulated(actions, f"{registry}/shared", as_user, **asked)
    compare(user, ecr, "shared", [action.removeprefix("ecr:") for action in actions], expected, password)

    own = simulated(["iam:GetUser"], arn, as_user)["iam:GetUser"]
    try:
        session.client("iam").get_user()
        assert own, user
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied" and not own, (user, error)
print(comparisons)
