import AWSCore
import DistributionAPI
import ECRAPI
import IAM
import IAMAPI
import Identity
import RegistryCore
import Stores

/// What stands behind the edge.
package struct Backends: Sendable {
    /// Runs the ECR operation of this name.
    package var ecr: @Sendable (_ operation: String, _ body: [UInt8], _ context: RequestContext) async -> AWSResponse
    /// Runs the action of an STS form.
    package var sts: @Sendable (_ form: [UInt8], _ context: RequestContext) async -> AWSResponse
    /// Answers a request below `/v2`.
    package var distribution: @Sendable (DistributionRequest) async -> DistributionResponse
    /// The access key of this id; nil when there is none.
    package var accessKey: @Sendable (_ id: String) async throws -> AccessKey?
    /// Who a docker password stands for. Throws `TokenRefusal`.
    package var dockerCaller: @Sendable (_ password: String) async throws -> Caller
    /// The layer of a download URL; nil when the token is not good.
    package var openDownload: @Sendable (_ token: String) async throws -> OpenLayer?
    /// What must not throw for the server to be ready, each with its name.
    package var probes: [(name: String, check: @Sendable () async throws -> Void)]
    package var clock: any WallClock

    package init(
        ecr: @escaping @Sendable (String, [UInt8], RequestContext) async -> AWSResponse,
        sts: @escaping @Sendable ([UInt8], RequestContext) async -> AWSResponse,
        distribution: @escaping @Sendable (DistributionRequest) async -> DistributionResponse,
        accessKey: @escaping @Sendable (String) async throws -> AccessKey?,
        dockerCaller: @escaping @Sendable (String) async throws -> Caller,
        openDownload: @escaping @Sendable (String) async throws -> OpenLayer?,
        probes: [(name: String, check: @Sendable () async throws -> Void)] = [],
        clock: any WallClock = SystemClock()
    ) {
        self.ecr = ecr
        self.sts = sts
        self.distribution = distribution
        self.accessKey = accessKey
        self.dockerCaller = dockerCaller
        self.openDownload = openDownload
        self.probes = probes
        self.clock = clock
    }

    /// The modules of an installation; `probes` are its own, such as a write to the database and to the blob folder.
    package init(
        services: RegistryServices, ecr: ECRDialect, sts: STSDialect, distribution: DistributionDialect, accessKeys: AccessKeys,
        dockerTokens: DockerTokens, probes: [(name: String, check: @Sendable () async throws -> Void)]
    ) {
        self.init(
            ecr: { await ecr.respond(to: $0, body: $1, context: $2) },
            sts: { await sts.respond(to: $0, context: $1) },
            distribution: { await distribution.respond(to: $0) },
            accessKey: { try await accessKeys.find($0) },
            dockerCaller: { try await dockerTokens.caller(for: $0) },
            openDownload: { try await services.openDownload($0) },
            probes: probes,
            clock: services.clock)
    }
}
