"""Lists, describes, reads and deletes images of a private repository in every way that boto3 has, its paginators among them."""
import hashlib
import json
import time

import boto3

ecr = boto3.client("ecr")
name = "images"
OCI = "application/vnd.oci.image."
ecr.create_repository(repositoryName=name)


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(data, media_type):
    return {"mediaType": media_type, "digest": digest(data), "size": len(data)}


def push(manifest, tag=None):
    text = json.dumps(manifest)
    named = {"imageTag": tag} if tag else {}
    image = ecr.put_image(repositoryName=name, imageManifest=text, imageManifestMediaType=manifest["mediaType"], **named)["image"]
    assert image["imageId"]["imageDigest"] == digest(text.encode()), image
    return text.encode()


blob = b"{}"
upload = ecr.initiate_layer_upload(repositoryName=name)["uploadId"]
ecr.upload_layer_part(repositoryName=name, uploadId=upload, partFirstByte=0, partLastByte=1, layerPartBlob=blob)
ecr.complete_layer_upload(repositoryName=name, uploadId=upload, layerDigests=[digest(blob)])


def image(number, **more):
    manifest = {"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": descriptor(blob, OCI + "config.v1+json")}
    return manifest | {"layers": [descriptor(blob, OCI + "layer.v1.tar")], "annotations": {"number": str(number)}} | more


tagged = [push(image(number), f"v{number}") for number in range(5)]
untagged = [push(image(number)) for number in range(5, 8)]
member = push(image(8))
index = push({"schemaVersion": 2, "mediaType": OCI + "index.v1+json", "manifests": [descriptor(member, OCI + "manifest.v1+json")]}, "multi")
subject = descriptor(tagged[0], OCI + "manifest.v1+json")
artifacts = [
    push(image(number, artifactType=f"application/vnd.example.{kind}", subject=subject))
    for number, kind in enumerate(["sbom", "signature", "signature"], start=9)
]


def pages(operation, key, size, **parameters):
    paginator = ecr.get_paginator(operation)
    found = [page[key] for page in paginator.paginate(repositoryName=name, PaginationConfig={"PageSize": size}, **parameters)]
    assert all(len(page) <= size for page in found), found
    return [item for page in found for item in page]


def digests(items, key="imageDigest"):
    return [item[key] for item in items]


alone = untagged + [member] + artifacts
for size in (1, 3, 1000):
    for status, expected in (("TAGGED", tagged + [index]), ("UNTAGGED", alone), ("ANY", tagged + [index] + alone)):
        wanted = sorted(map(digest, expected))
        for operation, key in (("list_images", "imageIds"), ("describe_images", "imageDetails")):
            found = pages(operation, key, size, filter={"tagStatus": status})
            assert sorted(digests(found)) == wanted, (operation, status, size, found)
    assert pages("list_images", "imageIds", size, filter={"imageStatus": "ARCHIVED"}) == []
details = {item["imageDigest"]: item for item in pages("describe_images", "imageDetails", 100)}
pushed = [item["imagePushedAt"] for item in pages("describe_images", "imageDetails", 2)]
assert pushed == sorted(pushed, reverse=True), pushed
assert details[digest(index)]["imageManifestMediaType"] == OCI + "index.v1+json"
assert details[digest(index)]["imageSizeInBytes"] == details[digest(member)]["imageSizeInBytes"]
assert details[digest(artifacts[0])]["artifactMediaType"] == OCI + "config.v1+json"
assert details[digest(artifacts[0])]["subjectManifestDigest"] == digest(tagged[0])
assert details[digest(tagged[0])]["imageStatus"] == "ACTIVE" and "imageTags" not in details[digest(member)]


def referrers(**more):
    found, token = [], {}
    while True:
        page = ecr.list_image_referrers(repositoryName=name, subjectId={"imageDigest": digest(tagged[0])}, maxResults=1, **token, **more)
        found += page["referrers"]
        if "nextToken" not in page:
            return found
        token = {"nextToken": page["nextToken"]}


assert digests(referrers(), "digest") == [digest(artifact) for artifact in artifacts]
signatures = referrers(filter={"artifactTypes": ["application/vnd.example.signature"]})
assert digests(signatures, "digest") == [digest(artifact) for artifact in artifacts[1:]], signatures
assert signatures[0]["annotations"] == {"number": "10"} and signatures[0]["artifactStatus"] == "ACTIVE", signatures


def got(types=None, **image_id):
    accepted = {"acceptedMediaTypes": types} if types else {}
    answer = ecr.batch_get_image(repositoryName=name, imageIds=[image_id], **accepted)
    return answer["images"][0]["imageManifest"].encode() if answer["images"] else answer["failures"][0]["failureCode"]


assert got(imageTag="multi") == index
assert got([OCI + "manifest.v1+json"], imageTag="multi") == member
assert got([OCI + "manifest.v1+json"], imageDigest=digest(index)) == index
assert got(imageTag="absent") == "ImageNotFound"
assert got(imageTag="v1", imageDigest=digest(tagged[0])) == "ImageNotFound"


def deleted(**image_id):
    answer = ecr.batch_delete_image(repositoryName=name, imageIds=[image_id])
    return answer["imageIds"] or answer["failures"][0]["failureCode"]


assert deleted(imageDigest=digest(member)) == "ImageReferencedByManifestList"
assert deleted(imageTag="absent") == "ImageNotFound"
assert deleted(imageDigest="nonsense") == "InvalidImageDigest"
assert deleted(imageTag="a b") == "InvalidImageTag"
assert deleted() == "MissingDigestAndTag"
assert deleted(imageTag="multi") == [{"imageDigest": digest(index), "imageTag": "multi"}]
assert deleted(imageDigest=digest(member)) == [{"imageDigest": digest(member)}]
for first, last in ((0, 3), (3, 5)):
    answer = ecr.batch_delete_image(repositoryName=name, imageIds=[{"imageTag": f"v{number}"} for number in range(first, last)])
    assert len(answer["imageIds"]) == last - first and not answer["failures"], answer
# What referred to one of them follows, in the background.
for _ in range(300):
    left = sorted(digests(pages("list_images", "imageIds", 2)))
    if len(left) == len(untagged):
        break
    time.sleep(0.1)
assert left == sorted(map(digest, untagged)), left
print("walked")
