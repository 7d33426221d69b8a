import ECRAPI
import HTTPTypes

/// Which part of the server a request is meant for.
enum Dialect: Hashable, Sendable {
    /// An operation of an API of registries, by name.
    case ecr(ECRDialect.API, String)
    /// An operation of KMS, by name.
    case kms(String)
    /// An awsJson call to a service that there is not.
    case unknownTarget
    /// A form of the Query protocol, to the service of this name: `sts`, until the form was read.
    case query(String)
    /// `/v2/…`
    case distribution
    /// The token of a layer's download URL.
    case download(String)
    /// A token for public registries.
    case token
    /// The logo of a public repository, by name.
    case logo(String)
    case operations(Page)
    case none

    /// The pages for whoever operates the server.
    enum Page: String, Sendable {
        case live = "/livez"
        case ready = "/readyz"
        case metrics = "/metrics"
    }

    private static let ecrPrefix = "AmazonEC2ContainerRegistry_V20150921."
    private static let ecrPublicPrefix = "SpencerFrontendService."
    private static let kmsPrefix = "TrentService."
    private static let downloadPrefix = "/layers/"
    private static let logoPrefix = "/logos/"

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
        } else if path == "/token/" || path == "/token" {
            self = .token
        } else if path.hasPrefix(Self.logoPrefix) {
            self = .logo(String(path.dropFirst(Self.logoPrefix.count)))
        } else {
            self = .none
        }
    }

    private static func call(_ exchange: Exchange) -> Dialect {
        let fields = exchange.head.headerFields
        switch exchange.head.method {
        case .post:
            if let target = fields[.amzTarget] {
                if target.hasPrefix(ecrPrefix) { return .ecr(.ecr, String(target.dropFirst(ecrPrefix.count))) }
                if target.hasPrefix(ecrPublicPrefix) { return .ecr(.ecrPublic, String(target.dropFirst(ecrPublicPrefix.count))) }
                if target.hasPrefix(kmsPrefix) { return .kms(String(target.dropFirst(kmsPrefix.count))) }
                return .unknownTarget
            }
            return fields[.contentType]?.hasPrefix("application/x-amz-json") == true ? .unknownTarget : .query("sts")
        case .get where exchange.query?.contains("Action=") == true: return .query("sts")
        default: return .none
        }
    }

    /// True of what a listener for public registries alone answers.
    var isPublic: Bool {
        switch self {
        case .distribution, .token, .logo, .operations(.live), .operations(.ready): true
        case .ecr, .kms, .unknownTarget, .query, .download, .operations(.metrics), .none: false
        }
    }

    /// For metrics.
    var label: String {
        switch self {
        case .ecr(let api, _): api.rawValue
        case .kms: "kms"
        case .unknownTarget: "ecr"
        case .query(let service): service
        case .distribution: "oci"
        case .download: "download"
        case .token: "token"
        case .logo: "logo"
        case .operations: "operations"
        case .none: "none"
        }
    }
}

extension HTTPField.Name {
    static let amzTarget = named("X-Amz-Target")
}
