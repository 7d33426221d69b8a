import Identity

/// Lists the tags of a user, by key.
struct ListUserTags: UserOperation {
    let userName: ExistingUserName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> TagsOutput {
        let tags = try await context.account.tags(of: .user, named: entityName)
        return try TagsOutput(tags, of: entityName, marker, maxItems, context)
    }
}
