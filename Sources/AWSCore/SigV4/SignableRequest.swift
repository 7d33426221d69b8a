/// The parts of an HTTP request that a signature covers, as they went over the wire.
package struct SignableRequest: Sendable {
    package let method: String
    /// The path as sent, percent-encoding and all, without the query.
    package let path: String
    /// What followed `?` as sent; empty when there was none.
    package let query: String
    /// In order of arrival, names in any case, `Host` (or `:authority` under that name) among them.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(method: String, path: String, query: String = "", headers: [(name: String, value: String)], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// All values of the header `name`, which must be in lower case.
    func values(of name: some StringProtocol) -> [String] {
        headers.compactMap { $0.name.isHeader(name) ? $0.value : nil }
    }

    /// The value of the header `name`, which must be in lower case; nil when it is absent or comes more than once.
    func value(of name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values[0] : nil
    }
}

extension StringProtocol {
    /// True when this header name is `name`, which is in lower case.
    func isHeader(_ name: some StringProtocol) -> Bool {
        utf8.count == name.utf8.count && zip(utf8, name.utf8).allSatisfy { $0.lowercasedASCII == $1 }
    }
}

extension UInt8 {
    var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
