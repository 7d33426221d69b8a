import Foundation
import HTTPTypes

/// What the Authorization header of a docker client holds.
package enum DockerCredentials: Hashable {
    /// No such header, or one without user and password, as skopeo sends for an anonymous pull.
    case none
    /// The password of the user `AWS`.
    case password(String)
    /// A token, which public registries take, and private ones by a setting.
    case bearer(String)
    /// Another scheme, another user, or nothing readable.
    case unusable

    /// What the fields say; never more than one thing.
    package init(_ fields: HTTPFields) {
        let values = fields[values: .authorization]
        guard let value = values.first else {
            self = .none
            return
        }
        guard values.count == 1, value.utf8.count <= 16 << 10, let space = value.firstIndex(of: " ") else {
            self = .unusable
            return
        }
        let scheme = value[..<space].lowercased()
        if scheme == "bearer" {
            self = .bearer(String(value[space...].drop { $0 == " " }))
            return
        }
        guard scheme == "basic", let bytes = Data(base64Encoded: String(value[space...].drop { $0 == " " })),
            let text = String(bytes: bytes, encoding: .utf8)
        else {
            self = .unusable
            return
        }
        if text == ":" {
            self = .none
        } else if text.hasPrefix("AWS:") {
            self = .password(String(text.dropFirst("AWS:".count)))
        } else {
            self = .unusable
        }
    }
}
