import HTTPTypes

/// Which part of the server a request is meant for.
enum Dialect: Hashable, Sendable {
    /// An operation of the private ECR API, by name.
    case ecr(String)
    /// An awsJson call to a service that there is not.
    case unknownTarget
    /// A form of the Query protocol, to the service of this name: `sts`, until the form was read.
    case query(String)
    /// `/v2/…`
    case distribution
    /// The token of a layer's download URL.
    case download(String)
    case operations(Page)
    case none

    /// The pages for whoever operates the server.
    enum Page: String, Sendable {
        case live = "/livez"
        case ready = "/readyz"
        case metrics = "/metrics"
    }

    private static let ecrPrefix = "AmazonEC2ContainerRegistry_V20150921."
    private static let downloadPrefix = "/layers/"

    init(of exchange: Exchange) {
        let path = exchange.path
        if path.hasPrefix("/v2/") || path == "/v2" {
            self = .distribution
        } else if path == "/" {
            self = Self.call(exchange)
        } else if let page = Page(rawValue: path) {
            self = .operations(page)
        } else if path.hasPrefix(Self.downloadPrefix) {
            self = .download(String(path.dropFirst(Self.downloadPrefix.count)))
        } else {
            self = .none
        }
    }

    private static func call(_ exchange: Exchange) -> Dialect {
        let fields = exchange.head.headerFields
        switch exchange.head.method {
        case .post:
            if let target = fields[.amzTarget] {
                return target.hasPrefix(ecrPrefix) ? .ecr(String(target.dropFirst(ecrPrefix.count))) : .unknownTarget
            }
            return fields[.contentType]?.hasPrefix("application/x-amz-json") == true ? .unknownTarget : .query("sts")
        case .get where exchange.query?.contains("Action=") == true: return .query("sts")
        default: return .none
        }
    }

    /// For metrics.
    var label: String {
        switch self {
        case .ecr, .unknownTarget: "ecr"
        case .query(let service): service
        case .distribution: "oci"
        case .download: "download"
        case .operations: "operations"
        case .none: "none"
        }
    }
}

extension HTTPField.Name {
    fileprivate static let amzTarget = named("X-Amz-Target")
}
