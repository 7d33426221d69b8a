"""Puts images into a registry and signs calls to ECR's API: what the measurements find there."""
import base64
import hashlib
import itertools
import json
import os
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def file_digest(path):
    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def ecr(endpoint):
    """A client of ECR's API with the keys that the environment has now: boto3's own default remembers the first ones."""
    return boto3.session.Session().client("ecr", endpoint_url=endpoint)


def token_header(endpoint):
    """The header with which docker sends the password of GetAuthorizationToken."""
    token = ecr(endpoint).get_authorization_token()["authorizationData"][0]["authorizationToken"]
    assert base64.b64decode(token).startswith(b"AWS:")
    return f"Authorization: Basic {token}"


def put_manifest(url, headers, config, layer):
    """Puts an image of two blobs under the tag `m` of the repository at `url`."""
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest(layer), "size": len(layer)}],
        }
    ).encode()
    request = urllib.request.Request(f"{url}/manifests/m", manifest, {"Content-Type": MANIFEST_TYPE}, method="PUT")
    for header in headers:
        request.add_header(*header.split(": ", 1))
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201, answer.status


def put_blob(url, headers, data):
    """Uploads `data` by POST and PUT to the repository at `url`."""
    plain = dict(header.split(": ", 1) for header in headers)
    with urllib.request.urlopen(urllib.request.Request(f"{url}/blobs/uploads/", b"", plain, method="POST")) as answer:
        location = urllib.parse.urljoin(url, answer.headers["Location"])
    location += ("&" if "?" in location else "?") + f"digest={digest(data)}"
    kind = {"Content-Type": "application/octet-stream"}
    with urllib.request.urlopen(urllib.request.Request(location, data, plain | kind, method="PUT")) as answer:
        assert answer.status == 201, answer.status


def page_tokens(endpoint, method, repository, size=100, most=None):
    """The tokens that pages of `size` of a list end with, of the first `most` pages or of all."""
    pages = ecr(endpoint).get_paginator(method).paginate(repositoryName=repository, PaginationConfig={"PageSize": size})
    return [page["nextToken"] for page in itertools.islice(pages, most) if "nextToken" in page]


def signed(endpoint, operation, body):
    """Method, path, body and headers of a call to ECR's API; the signature is good for 15 minutes."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"AmazonEC2ContainerRegistry_V20150921.{operation}"}
    request = botocore.awsrequest.AWSRequest("POST", endpoint + "/", headers=headers, data=json.dumps(body))
    botocore.auth.SigV4Auth(boto3.Session().get_credentials(), "ecr", os.environ["AWS_REGION"]).add_auth(request)
    return "POST", "/", request.data, dict(request.headers.items())


def signed_describe(endpoint, repository, script):
    """Writes the wrk script of a signed DescribeRepositories of one repository."""
    method, _, body, headers = signed(endpoint, "DescribeRepositories", {"repositoryNames": [repository]})
    lines = [f"wrk.method = {json.dumps(method)}", f"wrk.body = {json.dumps(body)}"]
    lines += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()]
    script.write_text("\n".join(lines) + "\n")
    return script
