/// An AWS account: twelve digits. ECR calls it registryId.
package struct AccountID: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The account that `text` writes; nil unless it is exactly twelve ASCII digits.
    package init?(_ text: String) {
        guard text.utf8.count == 12, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        description = text
    }

    /// As `init(_: String)`.
    package init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// Twelve zeros: the account of an installation that was given none.
    package static let zeros = AccountID(verified: "000000000000")

    private init(verified text: String) { description = text }
}

/// A region's name, such as `us-east-1`: 2 to 25 of `[0-9a-z-]`.
package struct Region: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The region that `text` writes; nil when it is not one.
    package init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        guard (2...25).contains(text.utf8.count), allowed else { return nil }
        description = text
    }

    /// As `init(_: String)`.
    package init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// The region that AWS's tools assume when they must assume one.
    package static let usEast1 = Region(verified: "us-east-1")

    private init(verified text: String) { description = text }
}
