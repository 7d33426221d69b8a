"""Does everything that Berth's KMS does through boto3, and asks for some of what it refuses."""
import json

import boto3

from refusals import refused

kms = boto3.client("kms")
ecr_context = {"aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/app"}


def pages(operation, member, **parameters):
    found = kms.get_paginator(operation).paginate(PaginationConfig={"PageSize": 1}, **parameters)
    return [element for page in found for element in page[member]]


made = kms.create_key(Description="images", Tags=[{"TagKey": "team", "TagValue": "blue"}])["KeyMetadata"]
key, arn = made["KeyId"], made["Arn"]
assert made["KeyState"] == "Enabled" and made["KeySpec"] == "SYMMETRIC_DEFAULT" and made["KeyManager"] == "CUSTOMER", made
other = kms.create_key()["KeyMetadata"]["KeyId"]
refused("UnsupportedOperationException", kms.create_key, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")

# Names.
kms.create_alias(AliasName="alias/images", TargetKeyId=key)
kms.create_alias(AliasName="alias/more", TargetKeyId=key)
refused("AlreadyExistsException", kms.create_alias, AliasName="alias/images", TargetKeyId=key)
assert kms.describe_key(KeyId="alias/images")["KeyMetadata"]["KeyId"] == key
assert {entry["KeyId"] for entry in pages("list_keys", "Keys")} >= {key, other}
assert [entry["AliasName"] for entry in pages("list_aliases", "Aliases", KeyId=key)] == ["alias/images", "alias/more"]
kms.update_alias(AliasName="alias/more", TargetKeyId=other)
assert kms.describe_key(KeyId="alias/more")["KeyMetadata"]["KeyId"] == other
kms.delete_alias(AliasName="alias/more")
refused("NotFoundException", kms.describe_key, KeyId="alias/more")
kms.update_key_description(KeyId=key, Description="all images")
assert kms.describe_key(KeyId=arn)["KeyMetadata"]["Description"] == "all images"
kms.tag_resource(KeyId=key, Tags=[{"TagKey": "stage", "TagValue": "test"}])
kms.untag_resource(KeyId=key, TagKeys=["team"])
assert pages("list_resource_tags", "Tags", KeyId=key) == [{"TagKey": "stage", "TagValue": "test"}]

# Secrets.
ciphertext = kms.encrypt(KeyId="alias/images", Plaintext=b"secret", EncryptionContext={"a": "b"})["CiphertextBlob"]
assert kms.decrypt(CiphertextBlob=ciphertext, EncryptionContext={"a": "b"})["Plaintext"] == b"secret"
refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=ciphertext)
refused("IncorrectKeyException", kms.decrypt, CiphertextBlob=ciphertext, EncryptionContext={"a": "b"}, KeyId=other)
data_key = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=ecr_context)
assert len(data_key["Plaintext"]) == 32 and data_key["KeyId"] == arn
assert kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"], EncryptionContext=ecr_context)["Plaintext"] == data_key["Plaintext"]
hidden = kms.generate_data_key_without_plaintext(KeyId=key, NumberOfBytes=64)
assert "Plaintext" not in hidden and len(kms.decrypt(CiphertextBlob=hidden["CiphertextBlob"])["Plaintext"]) == 64
moved = kms.re_encrypt(CiphertextBlob=ciphertext, SourceEncryptionContext={"a": "b"}, DestinationKeyId=other)
assert moved["SourceKeyId"] == arn and kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])["Plaintext"] == b"secret"
assert len(kms.generate_random(NumberOfBytes=1024)["Plaintext"]) == 1024

# Rotation.
first = made["CurrentKeyMaterialId"]
kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
status = kms.get_key_rotation_status(KeyId=key)
assert status["KeyRotationEnabled"] and status["RotationPeriodInDays"] == 90, status
kms.rotate_key_on_demand(KeyId=key)
rotations = pages("list_key_rotations", "Rotations", KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")
assert [entry["KeyMaterialState"] for entry in rotations] == ["CURRENT", "NON_CURRENT"] and rotations[1]["KeyMaterialId"] == first, rotations
opened = kms.decrypt(CiphertextBlob=ciphertext, EncryptionContext={"a": "b"})
assert opened["Plaintext"] == b"secret" and opened["KeyMaterialId"] == first
kms.disable_key_rotation(KeyId=key)
assert not kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]

# Grants, for a user that may do nothing otherwise.
iam = boto3.client("iam")
user = iam.create_user(UserName="grantee")["User"]["Arn"]
pair = iam.create_access_key(UserName="grantee")["AccessKey"]
grantee = boto3.client("kms", aws_access_key_id=pair["AccessKeyId"], aws_secret_access_key=pair["SecretAccessKey"], aws_session_token=None)
refused("AccessDeniedException", grantee.decrypt, CiphertextBlob=data_key["CiphertextBlob"], EncryptionContext=ecr_context)
grant = kms.create_grant(
    KeyId=key, GranteePrincipal=user, RetiringPrincipal=user, Operations=["Decrypt"], Constraints={"EncryptionContextSubset": ecr_context})
assert grantee.decrypt(CiphertextBlob=data_key["CiphertextBlob"], EncryptionContext=ecr_context)["Plaintext"] == data_key["Plaintext"]
refused("AccessDeniedException", grantee.decrypt, CiphertextBlob=hidden["CiphertextBlob"])
refused("AccessDeniedException", grantee.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext=ecr_context)
assert [entry["GranteePrincipal"] for entry in pages("list_grants", "Grants", KeyId=key)] == [user]
assert [entry["GrantId"] for entry in pages("list_retirable_grants", "Grants", RetiringPrincipal=user)] == [grant["GrantId"]]
grantee.retire_grant(GrantToken=grant["GrantToken"])
refused("AccessDeniedException", grantee.decrypt, CiphertextBlob=data_key["CiphertextBlob"], EncryptionContext=ecr_context)
grant = kms.create_grant(KeyId=key, GranteePrincipal=user, Operations=["Decrypt"])
kms.revoke_grant(KeyId=key, GrantId=grant["GrantId"])
refused("NotFoundException", kms.revoke_grant, KeyId=key, GrantId=grant["GrantId"])

# Policies.
assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default"]
policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
policy["Statement"].append({"Effect": "Allow", "Principal": {"AWS": user}, "Action": "kms:Encrypt", "Resource": "*"})
kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
grantee.encrypt(KeyId=key, Plaintext=b"x")
refused("MalformedPolicyDocumentException", kms.put_key_policy, KeyId=key, Policy="{}")

# States.
kms.disable_key(KeyId=key)
refused("DisabledException", kms.decrypt, CiphertextBlob=ciphertext, EncryptionContext={"a": "b"})
kms.enable_key(KeyId=key)
assert kms.decrypt(CiphertextBlob=ciphertext, EncryptionContext={"a": "b"})["Plaintext"] == b"secret"
assert kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["KeyState"] == "PendingDeletion"
refused("KMSInvalidStateException", kms.decrypt, CiphertextBlob=ciphertext, EncryptionContext={"a": "b"})
kms.cancel_key_deletion(KeyId=key)
assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
kms.enable_key(KeyId=key)
refused("DryRunOperationException", kms.encrypt, KeyId=key, Plaintext=b"x", DryRun=True)
refused("UnsupportedOperationException", kms.get_public_key, KeyId=key)
print("walked")
