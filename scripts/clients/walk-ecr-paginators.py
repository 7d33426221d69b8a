"""Every paginator and waiter that boto3 has for ECR and ECR Public, on a live server: each walks page by page and finds all there is, or, where it
belongs to a family of operations that is missing, fails with the error that says so. Prints how many there were."""
import hashlib
import json

import boto3
from botocore.exceptions import ClientError, WaiterError

ecr = boto3.client("ecr")
public = boto3.client("ecr-public", region_name="us-east-1")
ran = set()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def paginators(client):
    return {name for name in client.meta.method_to_api_mapping if client.can_paginate(name)}


def pages(client, operation, key, count, **parameters):
    """Walks a list of `count` elements in pages of one, and of as many as there are by default."""
    ran.add((client.meta.service_model.service_name, operation))
    paginator = client.get_paginator(operation)
    single = [page.get(key, []) for page in paginator.paginate(PaginationConfig={"PageSize": 1}, **parameters)]
    assert all(len(page) <= 1 for page in single), single
    alone = [element for page in single for element in page]
    together = list(paginator.paginate(**parameters).search(f"{key}[]"))
    assert len(alone) == count and alone == together, (operation, alone, together)
    resumed = paginator.paginate(PaginationConfig={"PageSize": 1, "MaxItems": 1}, **parameters).build_full_result()
    rest = paginator.paginate(PaginationConfig={"PageSize": 1, "StartingToken": resumed.get("NextToken")}, **parameters).build_full_result()
    assert resumed[key] + (rest[key] if "NextToken" in resumed else []) == alone, (operation, resumed, rest)


def refused(client, operation, call):
    ran.add((client.meta.service_model.service_name, operation))
    try:
        call()
    except (ClientError, WaiterError) as error:
        response = error.response if isinstance(error, ClientError) else error.last_response
        assert response["Error"]["Code"] == "UnsupportedOperationException", error
        assert response["Error"]["Message"].startswith("Berth does not implement ecr:"), error
        return
    raise AssertionError(f"{operation} was to be refused")


def push(client, name, number, blob=b"{}"):
    if number == 0:
        upload = client.initiate_layer_upload(repositoryName=name)["uploadId"]
        client.upload_layer_part(repositoryName=name, uploadId=upload, partFirstByte=0, partLastByte=len(blob) - 1, layerPartBlob=blob)
        client.complete_layer_upload(repositoryName=name, uploadId=upload, layerDigests=[digest(blob)])
    manifest = {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(blob), "size": len(blob)},
        "layers": [], "annotations": {"number": str(number)},
    }  # fmt: skip
    client.put_image(repositoryName=name, imageManifest=json.dumps(manifest), imageTag=f"v{number}")


for client in (ecr, public):
    for number in range(3):
        client.create_repository(repositoryName=f"app-{number}")
        push(client, "app-0", number)
for prefix in ("one", "two", "three"):
    ecr.create_repository_creation_template(prefix=prefix, appliedFor=["CREATE_ON_PUSH"])
selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}
policy = json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})
ecr.start_lifecycle_policy_preview(repositoryName="app-0", lifecyclePolicyText=policy)
ran.add(("ecr", "lifecycle_policy_preview_complete"))
ecr.get_waiter("lifecycle_policy_preview_complete").wait(repositoryName="app-0", WaiterConfig={"Delay": 1, "MaxAttempts": 30})

pages(ecr, "describe_repositories", "repositories", 3)
pages(ecr, "describe_images", "imageDetails", 3, repositoryName="app-0")
pages(ecr, "list_images", "imageIds", 3, repositoryName="app-0")
pages(ecr, "get_lifecycle_policy_preview", "previewResults", 2, repositoryName="app-0")
pages(ecr, "describe_repository_creation_templates", "repositoryCreationTemplates", 3)
pages(public, "describe_repositories", "repositories", 3)
pages(public, "describe_images", "imageDetails", 3, repositoryName="app-0")
pages(public, "describe_image_tags", "imageTagDetails", 3, repositoryName="app-0")
pages(public, "describe_registries", "registries", 1)

image = {"repositoryName": "app-0", "imageId": {"imageTag": "v0"}}
backfill = {"replicationBackfillId": "00000000-0000-4000-8000-000000000000"}
missing = {
    "describe_image_scan_findings": image, "describe_pull_through_cache_rules": {}, "list_replication_backfills": {},
    "describe_replication_backfill_results": backfill,
}  # fmt: skip
for operation, parameters in missing.items():
    refused(ecr, operation, lambda: list(ecr.get_paginator(operation).paginate(**parameters)))
refused(ecr, "image_scan_complete", lambda: ecr.get_waiter("image_scan_complete").wait(**image, WaiterConfig={"Delay": 1, "MaxAttempts": 1}))

known = {("ecr", name) for name in paginators(ecr) | set(ecr.waiter_names)} | {
    ("ecr-public", name) for name in paginators(public) | set(public.waiter_names)
}
assert ran == known, known ^ ran
print(len(ran), "paginators and waiters")
