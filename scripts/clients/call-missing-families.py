"""Calls each operation of scanning, replication, pull-through cache and signing that boto3 knows: every one says clearly that it is not there, and
nothing of these families is accepted and ignored. Prints how many operations were refused."""
import boto3
from botocore.exceptions import ClientError

ecr = boto3.client("ecr")
ecr.create_repository(repositoryName="app")
image = {"repositoryName": "app", "imageId": {"imageTag": "v1"}}
rule = {"ecrRepositoryPrefix": "hub"}
scan = {"scanType": "BASIC", "rules": []}
destination = {"region": "eu-west-1", "registryId": "123456789012"}
replication = {"replicationConfiguration": {"rules": [{"destinations": [destination]}]}}
backfill = {"replicationBackfillId": "00000000-0000-4000-8000-000000000000"}
profile = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/Profile"
calls = {
    "batch_get_repository_scanning_configuration": {"repositoryNames": ["app"]},
    "create_pull_through_cache_rule": rule | {"upstreamRegistryUrl": "public.ecr.aws"},
    "delete_pull_through_cache_rule": rule,
    "delete_signing_configuration": {},
    "describe_image_replication_status": image,
    "describe_image_scan_findings": image,
    "describe_image_signing_status": image,
    "describe_pull_through_cache_rules": {},
    "describe_replication_backfill_results": backfill,
    "get_registry_scanning_configuration": {},
    "get_signing_configuration": {},
    "list_replication_backfills": {},
    "put_image_scanning_configuration": {"repositoryName": "app", "imageScanningConfiguration": {"scanOnPush": True}},
    "put_registry_scanning_configuration": scan,
    "put_replication_configuration": replication,
    "put_signing_configuration": {"signingConfiguration": {"rules": [{"signingProfileArn": profile}]}},
    "start_image_scan": image,
    "start_replication_backfill": {"destination": destination},
    "stop_replication_backfill": backfill,
    "update_pull_through_cache_rule": rule | {"customRoleArn": "arn:aws:iam::123456789012:role/cache"},
    "validate_pull_through_cache_rule": rule,
}


def message(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    raise AssertionError(f"{call} was to be refused")


refused = 0
for method, parameters in calls.items():
    name = ecr.meta.method_to_api_mapping[method]
    answer = message(getattr(ecr, method), **parameters)
    assert answer == f"UnsupportedOperationException: Berth does not implement ecr:{name} yet.", answer
    refused += 1
answer = message(ecr.create_repository, repositoryName="scanned", imageScanningConfiguration={"scanOnPush": True})
assert answer.startswith("UnsupportedOperationException"), answer
assert ecr.describe_registry()["replicationConfiguration"] == {"rules": []}

# Whatever else boto3 knows is there: it is refused for what it asks, never for want of the operation.
for method, name in ecr.meta.method_to_api_mapping.items():
    model = ecr.meta.service_model.operation_model(name)
    if method in calls or (model.input_shape and model.input_shape.required_members):
        continue
    try:
        getattr(ecr, method)()
    except ClientError as error:
        assert error.response["Error"]["Code"] != "UnsupportedOperationException", error
print(refused, "operations are refused")
