"""Walks through every operation of ECR Public with boto3, its paginators among them, and prints how many there were."""
import base64
import hashlib
import json
import os

import boto3

from refusals import refused

public = boto3.client("ecr-public", region_name="us-east-1")
called = set()
public.meta.events.register("before-call.ecr-public", lambda model, **_: called.add(model.name))


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def pages(operation, key, **parameters):
    paginator = public.get_paginator(operation)
    return [item for page in paginator.paginate(PaginationConfig={"PageSize": 1}, **parameters) for item in page[key]]


png = b"\x89PNG\r\n\x1a\n" + os.urandom(100)
created = public.create_repository(
    repositoryName="team/app",
    tags=[{"Key": "team", "Value": "a"}],
    catalogData={"description": "An app.", "architectures": ["x86-64"], "operatingSystems": ["Linux"], "logoImageBlob": png},
)
repository = created["repository"]
arn, account = repository["repositoryArn"], repository["registryId"]
assert arn == f"arn:aws:ecr-public::{account}:repository/team/app", arn
assert created["catalogData"]["logoUrl"].endswith(hashlib.sha256(png).hexdigest()), created
refused("RepositoryAlreadyExistsException", public.create_repository, repositoryName="team/app")
public.create_repository(repositoryName="other")
assert [found["repositoryName"] for found in pages("describe_repositories", "repositories")] == ["other", "team/app"]

registry = pages("describe_registries", "registries")
assert len(registry) == 1 and registry[0]["registryArn"] == f"arn:aws:ecr-public::{account}:registry/{account}", registry
alias = registry[0]["aliases"][0]["name"]
assert repository["repositoryUri"].endswith(f"/{alias}/team/app"), repository

assert public.get_registry_catalog_data()["registryCatalogData"] == {}
public.put_registry_catalog_data(displayName="Example Corp")
assert public.get_registry_catalog_data()["registryCatalogData"] == {"displayName": "Example Corp"}
public.put_repository_catalog_data(repositoryName="team/app", catalogData={"aboutText": "# About", "usageText": "# Usage"})
catalog = public.get_repository_catalog_data(repositoryName="team/app")["catalogData"]
assert (catalog["aboutText"], catalog["usageText"], "description" in catalog) == ("# About", "# Usage", False), catalog
assert public.get_repository_catalog_data(repositoryName="other")["catalogData"] == {}

layer, config = os.urandom(6 << 20), b"{}"
for blob in (layer, config):
    where = {"repositoryName": "team/app", "registryId": alias}
    check = public.batch_check_layer_availability(layerDigests=[digest(blob)], **where)
    assert check["layers"][0]["layerAvailability"] == "UNAVAILABLE", check
    upload = public.initiate_layer_upload(**where)["uploadId"]
    for first in range(0, len(blob), 5 << 20):
        part = blob[first : first + (5 << 20)]
        public.upload_layer_part(uploadId=upload, partFirstByte=first, partLastByte=first + len(part) - 1, layerPartBlob=part, **where)
    public.complete_layer_upload(uploadId=upload, layerDigests=[digest(blob)], **where)
refused("RegistryNotFoundException", public.initiate_layer_upload, repositoryName="team/app", registryId="nobody")
for number in range(3):
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest(layer), "size": len(layer)}],
            "annotations": {"number": str(number)},
        }
    )
    image = public.put_image(repositoryName="team/app", imageManifest=manifest, imageTag=f"v{number}")["image"]
    assert image["imageId"]["imageDigest"] == digest(manifest.encode()), image
refused("ImageAlreadyExistsException", public.put_image, repositoryName="team/app", imageManifest=manifest, imageTag="v2")
assert [found["imageTags"] for found in pages("describe_images", "imageDetails", repositoryName="team/app")] == [["v2"], ["v1"], ["v0"]]
assert [found["imageTag"] for found in pages("describe_image_tags", "imageTagDetails", repositoryName="team/app")] == ["v0", "v1", "v2"]
deleted = public.batch_delete_image(repositoryName="team/app", imageIds=[{"imageTag": "v0"}, {"imageTag": "absent"}])
assert len(deleted["imageIds"]) == 1 and deleted["failures"][0]["failureCode"] == "ImageNotFound", deleted

policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr-public:DescribeImages"}]}
refused("RepositoryPolicyNotFoundException", public.get_repository_policy, repositoryName="team/app")
public.set_repository_policy(repositoryName="team/app", policyText=json.dumps(policy))
assert json.loads(public.get_repository_policy(repositoryName="team/app")["policyText"]) == policy
public.delete_repository_policy(repositoryName="team/app")

public.tag_resource(resourceArn=arn, tags=[{"Key": "stage", "Value": "beta"}])
public.untag_resource(resourceArn=arn, tagKeys=["team"])
assert public.list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "stage", "Value": "beta"}]

token = public.get_authorization_token()["authorizationData"]
assert base64.b64decode(token["authorizationToken"]).startswith(b"AWS:"), token
elsewhere = boto3.client("ecr-public", region_name="eu-central-1", endpoint_url=public.meta.endpoint_url)
refused("UnsupportedCommandException", elsewhere.describe_registries)

refused("RepositoryNotEmptyException", public.delete_repository, repositoryName="team/app")
public.delete_repository(repositoryName="team/app", force=True)
public.delete_repository(repositoryName="other")
refused("RepositoryNotFoundException", public.describe_images, repositoryName="team/app")
missing = set(public.meta.service_model.operation_names) - called
assert not missing, missing
print(len(called), "operations")
