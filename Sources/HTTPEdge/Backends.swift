import AWSCore
import DistributionAPI
import ECRAPI
import IAM
import IAMAPI
import Identity
import KMSAPI
import RegistryCore
import Stores

/// What stands behind the edge.
package struct Backends: Sendable {
    /// Runs the operation of this name of an API of registries.
    package var ecr: @Sendable (_ api: ECRDialect.API, _ operation: String, _ body: [UInt8], _ context: RequestContext) async -> AWSResponse
    /// Runs the operation of this name of KMS.
    package var kms: @Sendable (_ operation: String, _ body: [UInt8], _ context: RequestContext) async -> AWSResponse = { _, _, context in
        AWSJSON.response(AWSError("UnsupportedOperationException", "This server has no KMS."), requestID: context.requestID)
    }
    /// Runs the action of a form to IAM or STS.
    package var query: @Sendable (_ service: QueryService, _ form: QueryForm, _ context: RequestContext) async -> AWSResponse
    /// Answers a request below `/v2`.
    package var distribution: @Sendable (DistributionRequest) async -> DistributionResponse
    /// Who signs with the access key of this id, with this session token, in this region.
    package var signer: @Sendable (_ accessKeyID: String, _ sessionToken: String?, _ region: Region) async throws -> Signer
    /// Notes that an access key was used for the service of this signing name.
    package var noteUse: @Sendable (_ caller: Caller, _ service: String) -> Void = { _, _ in }
    package var publicRegistries: PublicRegistries
    /// Who a docker password stands for. Throws `TokenRefusal`.
    package var dockerCaller: @Sendable (_ password: String) async throws -> Caller
    /// The layer of a download URL; nil when the token is not good.
    package var openDownload: @Sendable (_ token: String) async throws -> OpenLayer?
    /// What must not throw for the server to be ready, each with its name.
    package var probes: [(name: String, check: @Sendable () async throws -> Void)]
    package var clock: any WallClock

    package init(
        ecr: @escaping @Sendable (ECRDialect.API, String, [UInt8], RequestContext) async -> AWSResponse,
        query: @escaping @Sendable (QueryService, QueryForm, RequestContext) async -> AWSResponse,
        distribution: @escaping @Sendable (DistributionRequest) async -> DistributionResponse,
        signer: @escaping @Sendable (String, String?, Region) async throws -> Signer,
        dockerCaller: @escaping @Sendable (String) async throws -> Caller,
        publicRegistries: PublicRegistries,
        openDownload: @escaping @Sendable (String) async throws -> OpenLayer?,
        probes: [(name: String, check: @Sendable () async throws -> Void)] = [],
        clock: any WallClock = SystemClock()
    ) {
        self.ecr = ecr
        self.query = query
        self.distribution = distribution
        self.signer = signer
        self.dockerCaller = dockerCaller
        self.publicRegistries = publicRegistries
        self.openDownload = openDownload
        self.probes = probes
        self.clock = clock
    }

    /// The modules of an installation; `probes` are its own, such as a write to the database and to the blob folder.
    package init(
        services: RegistryServices, ecr: ECRDialect, ecrPublic: ECRDialect, iam: QueryDialect, sts: QueryDialect, kms: KMSDialect,
        distribution: DistributionDialect, identity: IdentityServices, probes: [(name: String, check: @Sendable () async throws -> Void)]
    ) {
        self.init(
            ecr: { await ($0 == .ecr ? ecr : ecrPublic).respond(to: $1, body: $2, context: $3) },
            query: { service, form, context in await (service.name == iam.service.name ? iam : sts).respond(to: form, context: context) },
            distribution: { await distribution.respond(to: $0) },
            signer: { try await identity.credentials.signer($0, sessionToken: $1, region: $2) },
            dockerCaller: { try await identity.dockerTokens.caller(for: $0) },
            publicRegistries: PublicRegistries(services: services, identity: identity),
            openDownload: { try await services.openDownload($0) },
            probes: probes,
            clock: services.clock)
        self.kms = { await kms.respond(to: $0, body: $1, context: $2) }
        noteUse = { caller, service in
            if let id = caller.accessKeyID, caller.session == nil { identity.accessKeyUses.note(id, service: service, region: caller.region) }
        }
    }
}
