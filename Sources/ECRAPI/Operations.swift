/// The table of contents: every operation of the API, A to Z.
enum Operations {
    /// What Berth does.
    static let implemented: [any ECROperation.Type] = [
        BatchCheckLayerAvailability.self,
        BatchDeleteImage.self,
        BatchGetImage.self,
        CompleteLayerUpload.self,
        CreateRepository.self,
        DeleteRepository.self,
        DescribeImages.self,
        DescribeRegistry.self,
        DescribeRepositories.self,
        GetAuthorizationToken.self,
        GetDownloadUrlForLayer.self,
        InitiateLayerUpload.self,
        ListImages.self,
        ListTagsForResource.self,
        PutImage.self,
        PutImageTagMutability.self,
        TagResource.self,
        UntagResource.self,
        UploadLayerPart.self,
    ]

    /// What the API's model has besides, and Berth answers with UnsupportedOperationException.
    static let missing: Set<String> = [
        "BatchGetRepositoryScanningConfiguration",
        "CreatePullThroughCacheRule",
        "CreateRepositoryCreationTemplate",
        "DeleteLifecyclePolicy",
        "DeletePullThroughCacheRule",
        "DeleteRegistryPolicy",
        "DeleteRepositoryCreationTemplate",
        "DeleteRepositoryPolicy",
        "DeleteSigningConfiguration",
        "DeregisterPullTimeUpdateExclusion",
        "DescribeImageReplicationStatus",
        "DescribeImageScanFindings",
        "DescribeImageSigningStatus",
        "DescribePullThroughCacheRules",
        "DescribeReplicationBackfillResults",
        "DescribeRepositoryCreationTemplates",
        "GetAccountSetting",
        "GetLifecyclePolicy",
        "GetLifecyclePolicyPreview",
        "GetRegistryPolicy",
        "GetRegistryScanningConfiguration",
        "GetRepositoryPolicy",
        "GetSigningConfiguration",
        "ListImageReferrers",
        "ListPullTimeUpdateExclusions",
        "ListReplicationBackfills",
        "PutAccountSetting",
        "PutImageScanningConfiguration",
        "PutLifecyclePolicy",
        "PutRegistryPolicy",
        "PutRegistryScanningConfiguration",
        "PutReplicationConfiguration",
        "PutSigningConfiguration",
        "RegisterPullTimeUpdateExclusion",
        "SetRepositoryPolicy",
        "StartImageScan",
        "StartLifecyclePolicyPreview",
        "StartReplicationBackfill",
        "StopReplicationBackfill",
        "UpdateImageStorageClass",
        "UpdatePullThroughCacheRule",
        "UpdateRepositoryCreationTemplate",
        "ValidatePullThroughCacheRule",
    ]

    private static let byName: [String: any ECROperation.Type] = Dictionary(
        uniqueKeysWithValues: implemented.map { ($0.name, $0) })

    /// The operation of this name; nil when there is none yet, or never.
    static func named(_ name: String) -> (any ECROperation.Type)? { byName[name] }

    /// True of every operation of the model.
    static func isKnown(_ name: String) -> Bool { byName[name] != nil || missing.contains(name) }
}
