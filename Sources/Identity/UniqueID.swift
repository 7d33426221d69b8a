import Stores

/// The unique ids of IAM, by which a deleted principal and a new one of the same name differ.
package enum UniqueID {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// `prefix` and `count` of `A-Z2-7`: 17 of users (`AIDA`), groups (`AGPA`), roles (`AROA`) and policies (`ANPA`), 16 of access keys; 20 of docker
    /// passwords, without a prefix.
    package static func make(_ prefix: String, count: Int = 17, _ ids: any IDSource) -> String {
        prefix + String(decoding: ids.randomBytes(count).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}
