"""Pushes an image by ECR's API alone, as no docker client does, and prints its digest. usage: push-by-layer-api.py REPOSITORY TAG"""
import hashlib
import json
import os
import sys

import boto3

repository, tag = sys.argv[1:]
ecr = boto3.client("ecr")
ecr.create_repository(repositoryName=repository)
part = 5 * 1024 * 1024


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def push(layer):
    upload = ecr.initiate_layer_upload(repositoryName=repository)
    assert upload["partSize"] == 10 * 1024 * 1024, upload
    for first in range(0, len(layer), part):
        blob = layer[first : first + part]
        answer = ecr.upload_layer_part(
            repositoryName=repository,
            uploadId=upload["uploadId"],
            partFirstByte=first,
            partLastByte=first + len(blob) - 1,
            layerPartBlob=blob,
        )
        assert answer["lastByteReceived"] == first + len(blob) - 1, answer
    done = ecr.complete_layer_upload(repositoryName=repository, uploadId=upload["uploadId"], layerDigests=[digest(layer)])
    assert done["layerDigest"] == digest(layer), done


layer = os.urandom(2 * part + 12345)
config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}).encode()
check = lambda: {  # noqa: E731
    found["layerDigest"]: found["layerAvailability"]
    for found in ecr.batch_check_layer_availability(repositoryName=repository, layerDigests=[digest(layer), digest(config)])["layers"]
}
assert set(check().values()) <= {"UNAVAILABLE"}, check()

upload = ecr.initiate_layer_upload(repositoryName=repository)
ecr.upload_layer_part(repositoryName=repository, uploadId=upload["uploadId"], partFirstByte=0, partLastByte=part - 1, layerPartBlob=layer[:part])
try:
    ecr.upload_layer_part(repositoryName=repository, uploadId=upload["uploadId"], partFirstByte=part + 7, partLastByte=part + 9, layerPartBlob=b"abc")
    sys.exit("a part that leaves a gap was accepted")
except ecr.exceptions.InvalidLayerPartException as refusal:
    assert refusal.response["lastValidByteReceived"] == part - 1, refusal.response

manifest = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest(layer), "size": len(layer)}],
    }
)
push(config)
try:
    ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)
    sys.exit("an image without its layer was accepted")
except ecr.exceptions.LayersNotFoundException:
    pass
push(layer)
assert set(check().values()) == {"AVAILABLE"}, check()

image = ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)["image"]
assert image["imageId"] == {"imageDigest": digest(manifest.encode()), "imageTag": tag}, image
pulled = ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageTag": tag}])["images"][0]
assert pulled["imageManifest"] == manifest, pulled
try:
    ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)
    sys.exit("the same image under the same tag was accepted twice")
except ecr.exceptions.ImageAlreadyExistsException:
    pass

pages = ecr.get_paginator("describe_images").paginate(repositoryName=repository, PaginationConfig={"PageSize": 1})
details = [detail for page in pages for detail in page["imageDetails"]]
assert [detail["imageTags"] for detail in details] == [[tag]], details
assert details[0]["imageSizeInBytes"] >= len(layer), details
print(image["imageId"]["imageDigest"])
