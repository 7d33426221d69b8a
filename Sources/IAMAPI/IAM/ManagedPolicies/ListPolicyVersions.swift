import AWSCore
import Identity
import Stores

/// Lists the versions of a managed policy, newest first, without documents.
struct ListPolicyVersions: PolicyOperation {
    let policyArn: EntityARN
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> Output {
        let page = Page(
            of: try await context.account.policyVersions(policyArn.value), after: try context.markers.cursor(of: marker?.value, of: policyArn.value),
            limit: maxItems.limit)
        return Output(
            versions: QueryList(page.elements.map { PolicyVersionShape($0) }), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: policyArn.value))
    }

    struct Output: Encodable, Sendable {
        let versions: QueryList<PolicyVersionShape>
        let isTruncated: Bool
        let marker: String?
    }
}
