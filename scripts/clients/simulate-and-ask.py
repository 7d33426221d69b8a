"""Asks the simulator what a user with some policies may do, and then does it as that user, through the API and the docker path.
The two must say the same. Prints the number of comparisons."""
import base64
import json
import os
import urllib.error
import urllib.request

import boto3
from botocore.exceptions import ClientError

iam = boto3.client("iam")
registry = "arn:aws:ecr:us-east-1:123456789012:repository"
digest = "sha256:" + "0" * 64


def statement(effect, actions, resource="*", **more):
    return {"Effect": effect, "Action": actions, "Resource": resource, **more}


# Users, each with some statements of its own.
users = {
    "nobody": [],
    "puller": [statement("Allow", ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"])],
    "one-repository": [
        statement("Allow", "ecr:*", f"{registry}/app"), statement("Allow", "ecr:GetAuthorizationToken"),
    ],
    "all-but": [statement("Allow", "ecr:*"), statement("Deny", ["ecr:Put*", "ecr:BatchGetImage"], f"{registry}/oth*")],
    "inverted": [{"Effect": "Allow", "NotAction": ["ecr:Delete*", "iam:*"], "Resource": "*"}],
    "elsewhere": [
        statement("Allow", "ecr:*", Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), statement("Allow", "ecr:GetAuthorizationToken"),
    ],
    "itself": [
        statement("Allow", "ecr:*", f"{registry}/${{aws:username}}"), statement("Allow", "ecr:GetAuthorizationToken"),
        statement("Allow", "iam:GetUser", "arn:aws:iam::123456789012:user/${aws:username}"),
    ],
    "bounded": [statement("Allow", "*")],
}
managed = {"bounded": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"}

# Each action with the call that takes it, on one repository or on none.
calls = {
    "ecr:DescribeImages": lambda ecr, name: ecr.describe_images(repositoryName=name),
    "ecr:ListImages": lambda ecr, name: ecr.list_images(repositoryName=name),
    "ecr:BatchGetImage": lambda ecr, name: ecr.batch_get_image(repositoryName=name, imageIds=[{"imageTag": "none"}]),
    "ecr:GetDownloadUrlForLayer": lambda ecr, name: ecr.get_download_url_for_layer(repositoryName=name, layerDigest=digest),
    "ecr:BatchCheckLayerAvailability": lambda ecr, name: ecr.batch_check_layer_availability(repositoryName=name, layerDigests=[digest]),
    "ecr:PutImageTagMutability": lambda ecr, name: ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability="MUTABLE"),
    "ecr:InitiateLayerUpload": lambda ecr, name: ecr.initiate_layer_upload(repositoryName=name),
    "ecr:BatchDeleteImage": lambda ecr, name: ecr.batch_delete_image(repositoryName=name, imageIds=[{"imageTag": "none"}]),
    "ecr:PutImage": lambda ecr, name: ecr.put_image(repositoryName=name, imageManifest="{}"),
}
docker = {
    "ecr:BatchGetImage": ("GET", "manifests/none"), "ecr:GetDownloadUrlForLayer": ("GET", f"blobs/{digest}"), "ecr:ListImages": ("GET", "tags/list"),
    "ecr:BatchCheckLayerAvailability": ("HEAD", f"blobs/{digest}"), "ecr:InitiateLayerUpload": ("POST", "blobs/uploads/"),
    "ecr:BatchDeleteImage": ("DELETE", "manifests/none"),
}


def is_allowed(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"] not in ("AccessDeniedException", "AccessDenied")
    return True


def docker_allows(endpoint, password, method, name, path):
    request = urllib.request.Request(f"{endpoint}/v2/{name}/{path}", method=method)
    request.add_header("Authorization", "Basic " + base64.b64encode(f"AWS:{password}".encode()).decode())
    try:
        return urllib.request.urlopen(request).status < 400
    except urllib.error.HTTPError as error:
        return error.code != 403


boto3.client("ecr").create_repository(repositoryName="app")
for name in ["other", "itself"]:
    boto3.client("ecr").create_repository(repositoryName=name)
endpoint = os.environ["AWS_ENDPOINT_URL"]
context = [{"ContextKeyName": "aws:SourceIp", "ContextKeyValues": ["127.0.0.1"], "ContextKeyType": "ip"}]
comparisons = 0
for user, statements in users.items():
    iam.create_user(UserName=user, **({"PermissionsBoundary": managed[user]} if user in managed else {}))
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    if statements:
        iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=policy)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    session = boto3.Session(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    ecr = session.client("ecr")
    arn = f"arn:aws:iam::123456789012:user/{user}"

    def simulated(actions, resource, simulate):
        found = simulate(ActionNames=actions, ResourceArns=[resource], ContextEntries=context)["EvaluationResults"]
        return {result["EvalActionName"]: result["EvalDecision"] == "allowed" for result in found}

    token = simulated(["ecr:GetAuthorizationToken"], "*", lambda **asked: iam.simulate_principal_policy(PolicySourceArn=arn, **asked))
    assert is_allowed(ecr.get_authorization_token) == token["ecr:GetAuthorizationToken"], (user, token)
    password = None
    if token["ecr:GetAuthorizationToken"]:
        data = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
        password = base64.b64decode(data).decode().split(":", 1)[1]
    for name in ["app", "other", "itself"]:
        resource = f"{registry}/{name}"
        expected = simulated(list(calls), resource, lambda **asked: iam.simulate_principal_policy(PolicySourceArn=arn, **asked))
        if statements and user not in managed:
            custom = simulated(
                list(calls), resource, lambda **asked: iam.simulate_custom_policy(PolicyInputList=[policy], CallerArn=arn, **asked))
            assert custom == expected, (user, name, custom, expected)
        for action, call in calls.items():
            assert is_allowed(lambda: call(ecr, name)) == expected[action], (user, action, name, expected[action])
            comparisons += 1
        if password is None:
            continue
        for action, (method, path) in docker.items():
            assert docker_allows(endpoint, password, method, name, path) == expected[action], ("docker", user, action, name, expected[action])
            comparisons += 1
    own = simulated(["iam:GetUser"], arn, lambda **asked: iam.simulate_principal_policy(PolicySourceArn=arn, **asked))
    assert is_allowed(session.client("iam").get_user) == own["iam:GetUser"], (user, own)
print(comparisons)
