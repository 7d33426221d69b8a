import Foundation

/// The parameters of a query. A `+` stands for itself: media types are written with it, and nothing here holds a blank.
struct Query: Sendable {
    private let items: [(name: String, value: String)]

    /// Reads a query as it was sent, without `?`. Throws `queryInvalid` for what is not UTF-8, and for NUL.
    init(_ text: String?) throws(DistributionError) {
        var items: [(String, String)] = []
        for item in (text ?? "").split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = parts.count == 2 ? Self.decode(parts[1]) : "", !value.utf8.contains(0)
            else { throw .queryInvalid }
            items.append((name, value))
        }
        self.items = items
    }

    /// Nil for what is not UTF-8.
    private static func decode(_ text: Substring) -> String? {
        text.utf8.contains(UInt8(ascii: "%")) ? String(text).removingPercentEncoding : String(text)
    }

    /// The first value of a parameter; nil when it is absent.
    subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of a parameter, in their order.
    func values(of name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    /// How many entries to list: `n`, at most `maximum`, which it is also when absent. Throws `pageSizeInvalid`.
    func pageSize(maximum: Int) throws(DistributionError) -> Int {
        guard let text = self["n"] else { return maximum }
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { throw .pageSizeInvalid(text) }
        return min(Int(text) ?? maximum, maximum)
    }

    /// `value` as it is written in a query.
    static func encode(_ value: String) -> String {
        value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// RFC 3986 §2.3.
    private static let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
