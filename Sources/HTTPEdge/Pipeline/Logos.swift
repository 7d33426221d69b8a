import HTTPTypes
import Logging
import NIOCore
import OCI

/// `/logos/<sha256>`: the logos of public repositories.
struct Logos: Sendable {
    let backends: Backends
    let log: Logger

    func answer(_ name: String, _ exchange: Exchange) async -> Answer {
        guard exchange.head.method == .get || exchange.head.method == .head else { return .readOnly("A logo can be read by GET and HEAD.\n") }
        do {
            guard let digest = Digest("sha256:" + name), let logo = try await backends.publicRegistries.logo(digest) else {
                return .text(.notFound, "There is no such logo.\n")
            }
            // Whatever was stored as a logo must not run in a browser as a page of this server.
            return Answer(
                .ok,
                [
                    .contentType: Self.type(of: logo), .xContentTypeOptions: "nosniff", .contentSecurityPolicy: "default-src 'none'; sandbox",
                    .eTag: "\"\(digest)\"",
                ],
                body: .bytes(ByteBuffer(bytes: logo)))
        } catch {
            log.error("logo could not be read", metadata: ["request-id": "\(exchange.requestID)", "error": "\(String(reflecting: error))"])
            return .text(.internalServerError, "An internal error occurred.\n")
        }
    }

    /// ECR Public takes PNG; anything else is bytes.
    private static func type(of logo: [UInt8]) -> String {
        logo.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) ? "image/png" : "application/octet-stream"
    }
}

extension HTTPField.Name {
    fileprivate static let contentSecurityPolicy = named("Content-Security-Policy")
    fileprivate static let xContentTypeOptions = named("X-Content-Type-Options")
}
