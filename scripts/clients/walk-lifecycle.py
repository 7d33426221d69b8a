"""Lifecycle policies by boto3, as a user and as Terraform's aws_ecr_lifecycle_policy: put, read, preview with its waiter and paginator, delete. The
repository `app` has the images v1, v2 and v3. Prints nothing when every answer is right."""
import datetime
import json
import time

import boto3

from refusals import refused

ecr = boto3.client("ecr")


def policy(count):
    selection = {"tagStatus": "tagged", "tagPrefixList": ["v"], "countType": "imageCountMoreThan", "countNumber": count}
    rule = {"rulePriority": 5, "description": "keep the newest", "selection": selection, "action": {"type": "expire"}}
    return json.dumps({"rules": [rule]})


refused("LifecyclePolicyNotFoundException", ecr.get_lifecycle_policy, "'app'", repositoryName="app")
refused("RepositoryNotFoundException", ecr.put_lifecycle_policy, "'none'", repositoryName="none", lifecyclePolicyText=policy(1))
broken = json.loads(policy(1))
broken["rules"][0]["selection"]["tagPatternList"] = ["v*"]
refused(
    "InvalidParameterException", ecr.put_lifecycle_policy,
    "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ",
    repositoryName="app", lifecyclePolicyText=json.dumps(broken))  # fmt: skip

refused("LifecyclePolicyPreviewNotFoundException", ecr.get_lifecycle_policy_preview, repositoryName="app")
started = ecr.start_lifecycle_policy_preview(repositoryName="app", lifecyclePolicyText=policy(1))
assert started["status"] == "IN_PROGRESS" and started["lifecyclePolicyText"] == policy(1), started
ecr.get_waiter("lifecycle_policy_preview_complete").wait(repositoryName="app", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
pages = list(ecr.get_paginator("get_lifecycle_policy_preview").paginate(repositoryName="app", PaginationConfig={"PageSize": 1}))
assert len(pages) == 2 and all(page["summary"] == {"expiringImageTotalCount": 2} and page["status"] == "COMPLETE" for page in pages), pages
results = [result for page in pages for result in page["previewResults"]]
assert [result["imageTags"] for result in results] == [["v2"], ["v1"]], results
assert all(result["appliedRulePriority"] == 5 and result["action"] == {"type": "EXPIRE"} and result["storageClass"] == "STANDARD" for result in results)
assert isinstance(results[0]["imagePushedAt"], datetime.datetime)
one = ecr.get_lifecycle_policy_preview(repositoryName="app", imageIds=[{"imageTag": "v1"}, {"imageTag": "v3"}])
assert [result["imageTags"] for result in one["previewResults"]] == [["v1"]], one
assert ecr.get_lifecycle_policy_preview(repositoryName="app", filter={"tagStatus": "UNTAGGED"})["previewResults"] == []
assert len(ecr.list_images(repositoryName="app")["imageIds"]) == 3

put = ecr.put_lifecycle_policy(repositoryName="app", lifecyclePolicyText=policy(2))
assert put["lifecyclePolicyText"] == policy(2) and put["repositoryName"] == "app", put
found = ecr.get_lifecycle_policy(repositoryName="app")
assert json.loads(found["lifecyclePolicyText"]) == json.loads(policy(2)) and isinstance(found["lastEvaluatedAt"], datetime.datetime), found

# The server carries it out by itself.
for _ in range(300):
    left = sorted(image["imageTag"] for image in ecr.list_images(repositoryName="app")["imageIds"])
    if len(left) == 2:
        break
    time.sleep(0.1)
assert left == ["v2", "v3"], left
evaluated = ecr.get_lifecycle_policy(repositoryName="app")["lastEvaluatedAt"]
assert abs((datetime.datetime.now(datetime.timezone.utc) - evaluated).total_seconds()) < 600, evaluated
gone = ecr.delete_lifecycle_policy(repositoryName="app")
assert gone["lifecyclePolicyText"] == policy(2) and gone["lastEvaluatedAt"] == evaluated, gone
refused("LifecyclePolicyNotFoundException", ecr.delete_lifecycle_policy, "'app'", repositoryName="app")
refused("LifecyclePolicyNotFoundException", ecr.start_lifecycle_policy_preview, "'app'", repositoryName="app")
