/// The table of contents of the API: every operation, A to Z.
enum Operations {
    /// What Berth does.
    static let implemented: [any KMSOperation.Type] = [
        CancelKeyDeletion.self,
        CreateAlias.self,
        CreateGrant.self,
        CreateKey.self,
        Decrypt.self,
        DeleteAlias.self,
        DescribeKey.self,
        DisableKey.self,
        DisableKeyRotation.self,
        EnableKey.self,
        EnableKeyRotation.self,
        Encrypt.self,
        GenerateDataKey.self,
        GenerateDataKeyWithoutPlaintext.self,
        GenerateRandom.self,
        GetKeyPolicy.self,
        GetKeyRotationStatus.self,
        ListAliases.self,
        ListGrants.self,
        ListKeyPolicies.self,
        ListKeyRotations.self,
        ListKeys.self,
        ListResourceTags.self,
        ListRetirableGrants.self,
        PutKeyPolicy.self,
        ReEncrypt.self,
        RetireGrant.self,
        RevokeGrant.self,
        RotateKeyOnDemand.self,
        ScheduleKeyDeletion.self,
        TagResource.self,
        UntagResource.self,
        UpdateAlias.self,
        UpdateKeyDescription.self,
    ]

    /// What the API's model has besides: keys that are not symmetric, imported, in stores elsewhere, or in several regions.
    static let missing: Set<String> = [
        "ConnectCustomKeyStore",
        "CreateCustomKeyStore",
        "Decapsulate",
        "DeleteCustomKeyStore",
        "DeleteImportedKeyMaterial",
        "DeriveSharedSecret",
        "DescribeCustomKeyStores",
        "DisconnectCustomKeyStore",
        "Encapsulate",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateMac",
        "GetKeyLastUsage",
        "GetParametersForImport",
        "GetPublicKey",
        "ImportKeyMaterial",
        "ReplicateKey",
        "Sign",
        "UpdateCustomKeyStore",
        "UpdatePrimaryRegion",
        "Verify",
        "VerifyMac",
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: implemented.map { ($0.name, $0) })

    /// The operation of this name; nil when there is none.
    static func named(_ name: String) -> (any KMSOperation.Type)? { byName[name] }

    /// True of every operation of the model.
    static func isKnown(_ name: String) -> Bool { byName[name] != nil || missing.contains(name) }
}
