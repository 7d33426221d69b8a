import HTTPTypes
import IAM
import OCI

/// One line of the table of contents: what a request looks like, what it needs, what answers it.
struct Route: Sendable {
    typealias Operation = @Sendable () async throws -> DistributionResponse

    let methods: [HTTPRequest.Method]
    /// What follows the repository's name; `<…>` stands for one segment, and an end in `/` for one that may be there or not.
    let pattern: [Substring]
    let allowsSlash: Bool
    /// The IAM actions on the repository that the caller must be allowed, all of them.
    let actions: @Sendable (Call) -> [String]
    /// Reads the segment that `<…>` stands for, and gives what is to be done once the caller is authorized.
    let bind: @Sendable (Call, _ parameter: String?) throws(DistributionError) -> Operation

    /// Every route but `GET /v2/`. Names hold slashes, so patterns are matched from the right, and the first that fits counts.
    static let table: [Route] = [
        Route([.get], "tags/list", needs: ["ecr:ListImages"], Call.listTags),
        Route([.get], "referrers/<digest>", needs: ["ecr:BatchGetImage"], Call.listReferrers),

        Route([.get], "manifests/<reference>", needs: ["ecr:BatchGetImage"], Call.getManifest),
        Route([.head], "manifests/<reference>", needs: ["ecr:BatchGetImage"], Call.headManifest),
        Route([.put], "manifests/<reference>", needs: ["ecr:PutImage"], Call.putManifest),
        Route([.delete], "manifests/<reference>", needs: ["ecr:BatchDeleteImage"], Call.deleteManifest),

        Route([.post], "blobs/uploads/", needs: ["ecr:InitiateLayerUpload"], also: Call.actionsOfSinglePost, Call.startUpload),
        Route([.get], "blobs/uploads/<id>", needs: ["ecr:UploadLayerPart"], Call.getUpload),
        Route([.patch], "blobs/uploads/<id>", needs: ["ecr:UploadLayerPart"], Call.patchUpload),
        Route([.put], "blobs/uploads/<id>", needs: ["ecr:CompleteLayerUpload"], also: Call.actionsOfLastChunk, Call.completeUpload),
        Route([.delete], "blobs/uploads/<id>", needs: ["ecr:UploadLayerPart"], Call.cancelUpload),

        Route([.get], "blobs/<digest>", needs: ["ecr:GetDownloadUrlForLayer"], Call.getBlob),
        Route([.head], "blobs/<digest>", needs: ["ecr:BatchCheckLayerAvailability"], Call.headBlob),
        Route([.delete], "blobs/<digest>", needs: ["ecr:BatchDeleteImage"], Call.deleteBlob),
    ]

    /// A route whose pattern has one `<…>`.
    init<Parameter: PathParameter>(
        _ methods: [HTTPRequest.Method], _ pattern: String, needs actions: [String], also more: (@Sendable (Call) -> () -> [String])? = nil,
        _ handler: @escaping @Sendable (Call) -> @Sendable (Parameter) async throws -> DistributionResponse
    ) {
        self.init(methods, pattern, actions, more) { (call, text) throws(DistributionError) in
            let parameter = try Parameter(pathSegment: text ?? "", method: call.request.method)
            return { try await handler(call)(parameter) }
        }
    }

    /// A route whose pattern has no `<…>`.
    init(
        _ methods: [HTTPRequest.Method], _ pattern: String, needs actions: [String], also more: (@Sendable (Call) -> () -> [String])? = nil,
        _ handler: @escaping @Sendable (Call) -> @Sendable () async throws -> DistributionResponse
    ) {
        self.init(methods, pattern, actions, more) { (call, _) throws(DistributionError) in handler(call) }
    }

    private init(
        _ methods: [HTTPRequest.Method], _ pattern: String, _ actions: [String], _ more: (@Sendable (Call) -> () -> [String])?,
        bind: @escaping @Sendable (Call, String?) throws(DistributionError) -> Operation
    ) {
        self.methods = methods
        self.pattern = pattern.split(separator: "/")
        allowsSlash = pattern.hasSuffix("/")
        self.actions = { call in actions + (more?(call)() ?? []) }
        self.bind = bind
    }

    /// What IAM must allow of a call of this route.
    func permissions(for call: Call) -> [Permission] {
        actions(call).map { call.permission($0, on: call.name) }
    }
}

extension Route {
    /// A route with what its pattern found in a path.
    struct Match {
        let route: Route
        /// What stands before the pattern, not checked yet.
        let name: String
        let parameter: String?
    }

    /// The route of a request. Throws `routeUnknown`, or `methodNotAllowed` where the path has other methods.
    static func match(_ path: RequestPath, method: HTTPRequest.Method) throws(DistributionError) -> Match {
        var methods: [HTTPRequest.Method] = []
        for route in table where route.fits(path) {
            guard route.methods.contains(method) else {
                methods += route.methods
                continue
            }
            let name = path.segments.dropLast(route.pattern.count).joined(separator: "/")
            let isParameter = route.pattern.last?.hasPrefix("<") ?? false
            return Match(route: route, name: name, parameter: isParameter ? path.segments.last : nil)
        }
        throw methods.isEmpty ? .routeUnknown : .methodNotAllowed(methods)
    }

    private func fits(_ path: RequestPath) -> Bool {
        guard path.segments.count > pattern.count, allowsSlash || !path.endsInSlash else { return false }
        return zip(path.segments.suffix(pattern.count), pattern).allSatisfy { segment, part in part.hasPrefix("<") || segment == part }
    }
}
