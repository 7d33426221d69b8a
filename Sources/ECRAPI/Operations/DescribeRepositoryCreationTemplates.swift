import AWSCore
import IAM
import OCI
import RegistryCore

/// Describes the templates of these prefixes, as far as they are there, or page by page all of the registry, by prefix.
struct DescribeRepositoryCreationTemplates: ECROperation {
    let prefixes: [TemplatePrefix]?
    let nextToken: String?
    let maxResults: MaxResults?

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        if let prefixes, !prefixes.isEmpty {
            try refusePaging(nextToken, maxResults, with: "prefixes")
            return Output(registry: registry.id, templates: try await shapes(registry.templates(prefixes), context), nextToken: nil)
        }
        let page = try await registry.templates(after: context.pages.cursor(of: nextToken, of: "all"), limit: maxResults.limit)
        return Output(
            registry: registry.id, templates: try await shapes(page.elements, context),
            nextToken: try context.pages.token(after: page.next, of: "all"))
    }

    private func shapes(_ templates: [CreationTemplate], _ context: OperationContext) async throws -> [TemplateShape] {
        var shapes: [TemplateShape] = []
        for template in templates { shapes.append(try await TemplateShape(template, context)) }
        return shapes
    }

    struct Output: JSONObject {
        let registry: RegistryID
        let templates: [TemplateShape]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("registryId", registry.account)
            json.member("repositoryCreationTemplates", templates)
            json.member("nextToken", nextToken)
        }
    }
}
