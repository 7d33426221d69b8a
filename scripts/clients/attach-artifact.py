"""Attaches an artifact to an image with oras, checks its way back, and prints its digest. usage: attach-artifact.py REPOSITORY TAG plain|tls"""
import base64
import hashlib
import os
import pathlib
import sys

import boto3
import oras.client
import oras.oci

repository, tag, transport = sys.argv[1:]
registry = os.environ["ECR_REGISTRY"]
# With AWS's own names oras logs in to ECR by itself; elsewhere it takes the password of `aws ecr get-login-password`.
if transport == "tls":
    client = oras.client.OrasClient(hostname=registry, auth_backend="ecr")
else:
    client = oras.client.OrasClient(hostname=registry, insecure=True, auth_backend="basic")
    token = boto3.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    client.auth.set_basic_auth(*base64.b64decode(token).decode().split(":", 1))

image = client.remote.get_manifest(f"{registry}/{repository}:{tag}") if hasattr(client, "remote") else client.get_manifest(f"{registry}/{repository}:{tag}")
answer = client.do_request(
    f"{client.prefix}://{registry}/v2/{repository}/manifests/{tag}", "HEAD", headers={"Accept": image["mediaType"]}
)
digest, size = answer.headers["Docker-Content-Digest"], int(answer.headers["Content-Length"])

folder = pathlib.Path.home() / "artifact"
folder.mkdir()
os.chdir(folder)
pathlib.Path("sbom.json").write_text('{"spdxVersion": "SPDX-2.3"}')
pathlib.Path("config.json").write_text("{}")
pushed = client.push(
    target=f"{registry}/{repository}:sbom",
    files=["sbom.json:application/spdx+json"],
    manifest_config="config.json:application/vnd.berth.test",
    subject=oras.oci.Subject(mediaType=image["mediaType"], digest=digest, size=size),
    quiet=True,
)
assert pushed.headers["OCI-Subject"] == digest, pushed.headers
artifact = "sha256:" + hashlib.sha256(pushed.request.body if isinstance(pushed.request.body, bytes) else pushed.request.body.encode()).hexdigest()
assert pushed.headers["Docker-Content-Digest"] == artifact, pushed.headers

files = client.pull(target=f"{registry}/{repository}:sbom", outdir=str(folder / "pulled"))
assert [pathlib.Path(file).read_text() for file in files] == ['{"spdxVersion": "SPDX-2.3"}'], files
assert sorted(client.get_tags(f"{registry}/{repository}")) == sorted([tag, "sbom"])
print(artifact)
