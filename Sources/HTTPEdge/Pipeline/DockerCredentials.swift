import Foundation
import HTTPTypes

/// What the Authorization header of a docker client holds.
enum DockerCredentials: Hashable {
    /// No such header.
    case none
    /// The password of the user `AWS`.
    case password(String)
    /// Another scheme, another user, or nothing readable.
    case unusable

    init(_ fields: HTTPFields) {
        let values = fields[values: .authorization]
        guard let value = values.first else {
            self = .none
            return
        }
        guard values.count == 1, value.utf8.count <= 16 << 10, let space = value.firstIndex(of: " "),
            value[..<space].lowercased() == "basic",
            let bytes = Data(base64Encoded: String(value[space...].drop { $0 == " " })),
            let text = String(bytes: bytes, encoding: .utf8), text.hasPrefix("AWS:")
        else {
            self = .unusable
            return
        }
        self = .password(String(text.dropFirst("AWS:".count)))
    }
}
