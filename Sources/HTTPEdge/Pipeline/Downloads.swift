import HTTPTypes
import Logging
import OCI
import RegistryCore

/// The URLs of GetDownloadUrlForLayer: `/layers/<token>`, for any HTTP client, without other credentials.
struct Downloads: Sendable {
    let backends: Backends
    let log: Logger

    func answer(_ token: String, _ exchange: Exchange) async -> Answer {
        guard exchange.head.method == .get || exchange.head.method == .head else {
            return .readOnly("A layer can be read by GET and HEAD.\n")
        }
        do {
            guard let layer = try await backends.openDownload(token) else {
                return .text(.forbidden, "This download link is not valid, or not any more.\n")
            }
            return try await Self.answer(layer, range: exchange.head.headerFields[.range])
        } catch RegistryError.layerNotFound {
            return .text(.notFound, "The layer is damaged. It is there again as soon as it is pushed again.\n")
        } catch {
            log.error("layer could not be opened", metadata: ["request-id": "\(exchange.requestID)", "error": "\(String(reflecting: error))"])
            return .text(.internalServerError, "An internal error occurred.\n")
        }
    }

    private static func answer(_ open: OpenLayer, range: String?) async throws -> Answer {
        let size = open.layer.size
        var headers: HTTPFields = [
            .contentType: "application/octet-stream", .acceptRanges: "bytes", .eTag: "\"\(open.layer.digest)\"",
        ]
        guard let range = range.flatMap(ByteRange.init(header:)) else {
            return Answer(.ok, headers, body: .blob(try await open.whole(), 0..<size))
        }
        guard let part = range.within(size) else {
            open.content.close()
            return Answer(.rangeNotSatisfiable, [.contentRange: "bytes */\(size)"])
        }
        headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
        return Answer(.partialContent, headers, body: .blob(open.content, part))
    }
}
