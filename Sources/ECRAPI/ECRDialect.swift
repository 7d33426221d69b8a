import AWSCore
import IAM
import Identity
import RegistryCore

/// The private ECR API, `AmazonEC2ContainerRegistry_V20150921`.
package struct ECRDialect: Sendable {
    let services: RegistryServices
    let tokens: DockerTokens

    package init(services: RegistryServices, tokens: DockerTokens) {
        self.services = services
        self.tokens = tokens
    }

    /// Runs the operation that `X-Amz-Target` names after its dot; whatever goes wrong becomes an answer too.
    package func respond(to operation: String, body: [UInt8], context: RequestContext) async -> AWSResponse { fatalError("stub") }
}
