import Identity

/// Lists the tags of a managed policy, by key.
struct ListPolicyTags: PolicyOperation {
    let policyArn: EntityARN
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> TagsOutput {
        try TagsOutput(try await context.account.tags(ofPolicy: policyArn.value), of: policyArn.value, marker, maxItems, context)
    }
}
