import HTTPTypes
import IAM
import OCI

/// One line of the table of contents: what a request looks like, what it needs, what answers it.
struct Route: Sendable {
    /// A route that has found its parameter.
    struct Bound: Sendable {
        /// What IAM must allow first.
        let permissions: [Permission]
        let operation: @Sendable () async throws -> DistributionResponse
    }

    /// What conditions may ask of a request, by condition key: once for each image that it is about.
    typealias ImageFacts = [[String: [String]]]

    let methods: [HTTPRequest.Method]
    /// One segment of what follows the repository's name.
    enum Part: Sendable {
        case word(String)
        /// `<…>`: any segment.
        case parameter
    }

    let pattern: [Part]
    /// A slash at the end may be there or not.
    let allowsSlash: Bool
    /// Whether the answer rests on what is stored and on what the path names, and is short enough to be worth remembering.
    private(set) var isPull = false
    /// Reads the segment that `<…>` stands for, and gives what is to be done once the caller is authorized.
    let bind: @Sendable (Call, _ parameter: String?) throws(DistributionError) -> Bound

    /// Every route but `GET /v2/`. Names hold slashes, so patterns are matched from the right, and the first that fits counts.
    static let table: [Route] = [
        Route([.get], "tags/list", needs: ["ecr:ListImages"], Call.listTags),
        Route([.get], "referrers/<digest>", needs: ["ecr:BatchGetImage"], of: Call.subject, Call.listReferrers),

        Route([.get], "manifests/<reference>", needs: ["ecr:BatchGetImage"], of: Call.image, Call.getManifest).pull,
        Route([.head], "manifests/<reference>", needs: ["ecr:BatchGetImage"], of: Call.image, Call.headManifest).pull,
        Route([.put], "manifests/<reference>", needs: ["ecr:PutImage"], of: Call.pushedImages, Call.putManifest),
        Route([.delete], "manifests/<reference>", needs: ["ecr:BatchDeleteImage"], of: Call.image, Call.deleteManifest),

        Route([.post], "blobs/uploads/", needs: ["ecr:InitiateLayerUpload"], also: Call.actionsOfSinglePost, Call.startUpload),
        Route([.get], "blobs/uploads/<id>", needs: ["ecr:UploadLayerPart"], Call.getUpload),
        Route([.patch], "blobs/uploads/<id>", needs: ["ecr:UploadLayerPart"], Call.patchUpload),
        Route([.put], "blobs/uploads/<id>", needs: ["ecr:CompleteLayerUpload"], also: Call.actionsOfLastChunk, Call.completeUpload),
        Route([.delete], "blobs/uploads/<id>", needs: ["ecr:UploadLayerPart"], Call.cancelUpload),

        Route([.get], "blobs/<digest>", needs: ["ecr:GetDownloadUrlForLayer"], Call.getBlob).pull,
        Route([.head], "blobs/<digest>", needs: ["ecr:BatchCheckLayerAvailability"], Call.headBlob),
        Route([.delete], "blobs/<digest>", needs: ["ecr:BatchDeleteImage"], Call.deleteBlob),
    ]

    /// A route whose pattern has one `<…>`; `images` tells conditions of the image that it names.
    init<Parameter: PathParameter>(
        _ methods: [HTTPRequest.Method], _ pattern: String, needs actions: [String],
        of images: @escaping @Sendable (Call) -> (Parameter) throws(DistributionError) -> ImageFacts = { _ in { _ in [[:]] } },
        also more: @escaping @Sendable (Call) -> () -> [String] = { _ in { [] } },
        _ handler: @escaping @Sendable (Call) -> @Sendable (Parameter) async throws -> DistributionResponse
    ) {
        self.init(methods, pattern) { (call, text) throws(DistributionError) in
            let parameter = try Parameter(pathSegment: text ?? "", method: call.request.method)
            let permissions = call.permissions(actions + more(call)(), try images(call)(parameter))
            return Bound(permissions: permissions) { try await handler(call)(parameter) }
        }
    }

    /// A route whose pattern has no `<…>`.
    init(
        _ methods: [HTTPRequest.Method], _ pattern: String, needs actions: [String],
        also more: @escaping @Sendable (Call) -> () -> [String] = { _ in { [] } },
        _ handler: @escaping @Sendable (Call) -> @Sendable () async throws -> DistributionResponse
    ) {
        self.init(methods, pattern) { (call, _) throws(DistributionError) in
            Bound(permissions: call.permissions(actions + more(call)(), [[:]]), operation: handler(call))
        }
    }

    private init(
        _ methods: [HTTPRequest.Method], _ pattern: String, bind: @escaping @Sendable (Call, String?) throws(DistributionError) -> Bound
    ) {
        self.methods = methods
        self.pattern = pattern.split(separator: "/").map { $0.hasPrefix("<") ? .parameter : .word(String($0)) }
        allowsSlash = pattern.hasSuffix("/")
        self.bind = bind
    }
}

extension Route {
    /// The same route as one that reads what was pushed.
    private var pull: Route {
        var route = self
        route.isPull = true
        return route
    }

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
            let parameter: String? = if case .parameter = route.pattern.last { path.segments.last } else { nil }
            return Match(route: route, name: name, parameter: parameter)
        }
        throw methods.isEmpty ? .routeUnknown : .methodNotAllowed(methods)
    }

    private func fits(_ path: RequestPath) -> Bool {
        guard path.segments.count > pattern.count, allowsSlash || !path.endsInSlash else { return false }
        let first = path.segments.count - pattern.count
        for (index, part) in pattern.enumerated() {
            if case .word(let word) = part, path.segments[first + index] != word { return false }
        }
        return true
    }
}
