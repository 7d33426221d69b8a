import Foundation
import Stores

/// An error of the KMS API as it is answered.
struct RemoteRefusal: Decodable {
    let type: String?
    let message: String?

    private enum CodingKeys: String, CodingKey {
        case type = "__type"
        case message
        case capitalMessage = "Message"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        type = try values.decodeIfPresent(String.self, forKey: .type)
        message = try values.decodeIfPresent(String.self, forKey: .message) ?? values.decodeIfPresent(String.self, forKey: .capitalMessage)
    }

    /// What an answer that is no success means.
    static func failure(_ status: Int, _ body: [UInt8]) -> KeyFailure {
        let refusal: RemoteRefusal?
        do {
            refusal = try JSONDecoder().decode(RemoteRefusal.self, from: Data(body))
        } catch {
            refusal = nil
        }
        // Names may come with a namespace before them.
        let name = (refusal?.type ?? "").split(separator: "#").last.map(String.init) ?? ""
        let message = refusal?.message ?? "The key management service answered with status \(status)."
        if let code = KeyFailure.Code(rawValue: name) { return KeyFailure(code, message) }
        switch name {
        case "Throttling", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException": return KeyFailure(.throttled, message)
        case "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException", "IncompleteSignature", "MissingAuthenticationToken",
            "InvalidClientTokenId", "OptInRequired":
            return KeyFailure(.accessDenied, "The key management service refuses this server: \(name): \(message)")
        default: return KeyFailure(status >= 500 || status == 429 ? .unavailable : .validation, name.isEmpty ? message : "\(name): \(message)")
        }
    }
}
