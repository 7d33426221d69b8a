import AWSCore

/// A name of a public registry: what stands before a repository's name in image names.
///
/// Source: ECR Public API reference, "RegistryAlias".
package struct RegistryAlias: Hashable, Sendable, CustomStringConvertible {
    /// In characters.
    package static let lengths = 2...50
    /// The grammar in AWS's own words.
    package static let pattern = "[a-z][a-z0-9]+(?:[._-][a-z0-9]+)*"

    package let description: String

    /// The alias that `text` writes; nil when it is none.
    package init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(omittingEmptySubsequences: false, whereSeparator: { "._-".utf8.contains($0) })
        guard Self.lengths.contains(text.utf8.count), let first = text.utf8.first, Self.isLetter(first), parts[0].count > 1,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { Self.isLetter($0) || Self.isDigit($0) } })
        else { return nil }
        description = String(text)
    }

    /// An alias as a registry gets one of its own accord: letters and digits in turn, made of eight bytes of chance.
    init(random bytes: some Sequence<UInt8>) {
        let (letters, digits) = (Array("abcdefghijklmnopqrstuvwxyz"), Array("0123456789"))
        description = String(bytes.prefix(8).enumerated().map { $0 % 2 == 0 ? letters[Int($1) % letters.count] : digits[Int($1) % digits.count] })
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// An alias of a registry, and how far it is.
package struct AliasRecord: Hashable, Sendable {
    /// What became of the request for an alias; the raw value is the wire form.
    package enum Status: String, Sendable {
        case active = "ACTIVE"
        case pending = "PENDING"
        case rejected = "REJECTED"
    }

    package let name: RegistryAlias
    package let account: AccountID
    package let status: Status
    /// True of the one that the registry got of its own accord.
    package let isDefault: Bool
    /// True of the one that answers use.
    package let isPrimary: Bool
}
