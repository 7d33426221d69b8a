import AWSCore
import Stores

/// The ids of temporary access keys: `ASIA`, then the account and chance, forty bits of each in base 32. Nothing is stored of a
/// session, so that GetAccessKeyInfo can read the account nowhere else.
enum TemporaryKeyID {
    private static let prefix = "ASIA"
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func make(of account: AccountID, _ ids: any IDSource) -> String {
        let number = UInt64(account.description) ?? 0
        let chance = ids.randomBytes(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return prefix + digits(number) + digits(chance)
    }

    /// The account that `id` names; nil when it is not such an id.
    static func account(of id: String) -> AccountID? {
        guard id.hasPrefix(prefix), id.utf8.count == 20 else { return nil }
        var number: UInt64 = 0
        for byte in id.utf8.dropFirst(prefix.utf8.count).prefix(8) {
            guard let digit = alphabet.firstIndex(of: byte) else { return nil }
            number = number << 5 | UInt64(digit)
        }
        let text = String(number)
        return AccountID(String(repeating: "0", count: max(0, 12 - text.count)) + text)
    }

    /// Eight digits of five bits.
    private static func digits(_ number: UInt64) -> String {
        let digits = (0..<8).map { alphabet[Int(number >> UInt64(35 - 5 * $0) & 31)] }
        return String(decoding: digits, as: UTF8.self)
    }
}
