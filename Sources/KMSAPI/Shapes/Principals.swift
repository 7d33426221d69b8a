import AWSCore
import Identity
import KMS
import Stores

extension KMSCall {
    /// The stored name of a principal that a request gives in one of two ways; nil when it gives none. Throws `invalidARN` for one that is not there.
    func stored(_ principal: PrincipalName?, _ service: ServicePrincipal?) async throws -> String? {
        if let service { return service.value }
        guard let name = principal?.value else { return nil }
        if name.hasSuffix(".amazonaws.com"), !name.hasPrefix("arn:") { return name }
        do {
            return try await principals.store(name)
        } catch is UnknownPrincipal {
            throw KeyFailure(.invalidARN, "ARN does not refer to a valid principal: \(name)")
        }
    }
}
