/// The table of contents of ECR Public's API: every operation, A to Z.
enum PublicOperations {
    static let implemented: [any ECROperation.Type] = [
        BatchCheckLayerAvailability<PublicECR>.self,
        BatchDeleteImage<PublicECR>.self,
        CompleteLayerUpload<PublicECR>.self,
        PublicCreateRepository.self,
        DeleteRepository<PublicECR>.self,
        DeleteRepositoryPolicy<PublicECR>.self,
        DescribeImageTags.self,
        PublicDescribeImages.self,
        DescribeRegistries.self,
        DescribeRepositories<PublicECR>.self,
        PublicGetAuthorizationToken.self,
        GetRegistryCatalogData.self,
        GetRepositoryCatalogData.self,
        GetRepositoryPolicy<PublicECR>.self,
        InitiateLayerUpload<PublicECR>.self,
        ListTagsForResource<PublicECR>.self,
        PutImage<PublicECR>.self,
        PutRegistryCatalogData.self,
        PutRepositoryCatalogData.self,
        SetRepositoryPolicy<PublicECR>.self,
        TagResource<PublicECR>.self,
        UntagResource<PublicECR>.self,
        UploadLayerPart<PublicECR>.self,
    ]
}
