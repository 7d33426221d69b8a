/// The table of contents: every operation of the API, A to Z.
enum Operations {
    /// What Berth does.
    static let implemented: [any ECROperation.Type] = [
        BatchCheckLayerAvailability.self,
        BatchDeleteImage.self,
        BatchGetImage.self,
        CompleteLayerUpload.self,
        CreateRepository.self,
        DeleteLifecyclePolicy.self,
        DeleteRegistryPolicy.self,
        DeleteRepository.self,
        DeleteRepositoryPolicy.self,
        DescribeImages.self,
        DescribeRegistry.self,
        DescribeRepositories.self,
        GetAccountSetting.self,
        GetAuthorizationToken.self,
        GetDownloadUrlForLayer.self,
        GetLifecyclePolicy.self,
        GetLifecyclePolicyPreview.self,
        GetRegistryPolicy.self,
        GetRepositoryPolicy.self,
        InitiateLayerUpload.self,
        ListImages.self,
        ListTagsForResource.self,
        PutAccountSetting.self,
        PutImage.self,
        PutImageTagMutability.self,
        PutLifecyclePolicy.self,
        PutRegistryPolicy.self,
        SetRepositoryPolicy.self,
        StartLifecyclePolicyPreview.self,
        TagResource.self,
        UntagResource.self,
        UpdateImageStorageClass.self,
        UploadLayerPart.self,
    ]

    /// What the API's model has besides, and Berth answers with UnsupportedOperationException.
    static let missing: Set<String> = [
        "BatchGetRepositoryScanningConfiguration",
        "CreatePullThroughCacheRule",
        "CreateRepositoryCreationTemplate",
        "DeletePullThroughCacheRule",
        "DeleteRepositoryCreationTemplate",
        "DeleteSigningConfiguration",
        "DeregisterPullTimeUpdateExclusion",
        "DescribeImageReplicationStatus",
        "DescribeImageScanFindings",
        "DescribeImageSigningStatus",
        "DescribePullThroughCacheRules",
        "DescribeReplicationBackfillResults",
        "DescribeRepositoryCreationTemplates",
        "GetRegistryScanningConfiguration",
        "GetSigningConfiguration",
        "ListImageReferrers",
        "ListPullTimeUpdateExclusions",
        "ListReplicationBackfills",
        "PutImageScanningConfiguration",
        "PutRegistryScanningConfiguration",
        "PutReplicationConfiguration",
        "PutSigningConfiguration",
        "RegisterPullTimeUpdateExclusion",
        "StartImageScan",
        "StartReplicationBackfill",
        "StopReplicationBackfill",
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
