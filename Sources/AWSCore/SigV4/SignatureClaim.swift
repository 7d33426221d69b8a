/// A signature as a request states it, well formed but not yet checked.
package struct SignatureClaim: Sendable {
    let credential: ScopedCredential
    let signedHeaders: [Substring]
    /// In lower-case hex.
    package let signature: String
    let time: SigningTime
    /// How long a presigned request is good for, in seconds; nil of a signature in the headers.
    let expires: Int64?
    let sessionToken: String?

    /// The signing name of the service that the request is meant for.
    package var service: String { credential.scope.service }
    /// The region that the request is signed for; not checked yet.
    package var region: Region? { Region(credential.scope.region) }
    /// The access key that is said to have signed; unproven.
    package var accessKeyID: String { credential.accessKeyID }

    static let algorithm = "AWS4-HMAC-SHA256"

    /// The claim of `request`, from its Authorization header or its query. Throws `missing` or `incomplete`.
    package init(of request: SignableRequest) throws(SignatureError) {
        let authorizations = request.values(of: "authorization")
        let parameters = Self.signatureParameters(request.query)
        switch (authorizations.count, parameters.isEmpty) {
        case (0, true): throw .missing
        case (1, true): try self.init(authorization: authorizations[0], request)
        case (0, false): try self.init(parameters: parameters)
        default: throw .incomplete("A request must be signed once, in its Authorization header or in its query-string.")
        }
    }

    private init(authorization: String, _ request: SignableRequest) throws(SignatureError) {
        let parts = authorization.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1).map { Substring($0) }
        guard parts.first.map(String.init) == Self.algorithm else {
            throw .incomplete("Unsupported AWS 'algorithm': '\(parts.first ?? "")'.")
        }
        let fields = try Self.fields(parts.count > 1 ? parts[1] : "")
        let dates = request.values(of: "x-amz-date")
        let date = dates.isEmpty ? request.value(of: "date") : dates.count == 1 ? dates[0] : nil
        var problems = ["Credential", "Signature", "SignedHeaders"].filter { fields[$0, default: ""].isEmpty }
            .map { "Authorization header requires '\($0)' parameter." }
        if date == nil { problems.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.") }
        let tokens = request.values(of: "x-amz-security-token")
        if tokens.count > 1 { problems.append("'X-Amz-Security-Token' must not come more than once.") }
        guard problems.isEmpty, let credential = fields["Credential"], let signature = fields["Signature"],
            let signedHeaders = fields["SignedHeaders"], let date
        else { throw .incomplete(problems.joined(separator: " ")) }
        try self.init(credential, signedHeaders[...], signature, date, isPresigned: false, expires: nil, sessionToken: tokens.first)
    }

    private init(parameters: [String: [String]]) throws(SignatureError) {
        func parameter(_ name: String) -> String? { parameters[name].flatMap { $0.count == 1 ? $0[0] : nil } }
        let required = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"]
        guard let algorithm = parameter("X-Amz-Algorithm"), let credential = parameter("X-Amz-Credential"), let date = parameter("X-Amz-Date"),
            let expires = parameter("X-Amz-Expires"), let signedHeaders = parameter("X-Amz-SignedHeaders"),
            let signature = parameter("X-Amz-Signature"), parameters["X-Amz-Security-Token"]?.count ?? 1 == 1
        else {
            let missing = required.filter { parameter($0) == nil }
            let texts = missing.map { "AWS query-string parameters must include '\($0)' once." }
            throw .incomplete((texts + ["Re-examine the query-string parameters."]).joined(separator: " "))
        }
        guard algorithm == Self.algorithm else { throw .incomplete("Unsupported AWS 'algorithm': '\(algorithm)'.") }
        guard let seconds = Int64(expires), (1...604_800).contains(seconds) else {
            throw .incomplete("X-Amz-Expires must be a number of seconds between 1 and 604800.")
        }
        try self.init(
            credential, signedHeaders[...], signature, date, isPresigned: true, expires: seconds, sessionToken: parameter("X-Amz-Security-Token"))
    }

    private init(
        _ credential: String, _ signedHeaders: Substring, _ signature: String, _ date: String, isPresigned: Bool, expires: Int64?,
        sessionToken: String?
    ) throws(SignatureError) {
        self.credential = try ScopedCredential(credential)
        guard let time = SigningTime(basic: date) ?? (isPresigned ? nil : SigningTime(http: date)) else {
            throw .incomplete("Date must be in ISO-8601 'basic format'. Got '\(date)'. See http://en.wikipedia.org/wiki/ISO_8601")
        }
        self.time = time
        self.signedHeaders = signedHeaders.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { Substring($0) }
        self.signature = signature
        self.expires = expires
        self.sessionToken = sessionToken
    }

    /// The `name=value` pairs of an Authorization header, between commas with or without blanks.
    private static func fields(_ text: Substring) throws(SignatureError) -> [String: String] {
        var fields: [String: String] = [:]
        // By bytes: by characters it would take half the time of the whole check.
        let blank = UInt8(ascii: " ")
        for field in text.utf8.split(separator: UInt8(ascii: ",")) {
            let trimmed = field.drop { $0 == blank }
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else {
                throw .incomplete("'\(Substring(trimmed))' not a valid key=value pair (missing equal-sign) in Authorization header.")
            }
            let value = trimmed[trimmed.index(after: equals)...]
            let name = String(Substring(trimmed[..<equals]))
            let isFirst = fields.updateValue(String(Substring(value.prefix { $0 != blank })), forKey: name) == nil
            guard isFirst, value.drop(while: { $0 != blank }).allSatisfy({ $0 == blank }) else {
                throw .incomplete("'\(Substring(trimmed))' is not a parameter that the Authorization header can have.")
            }
        }
        return fields
    }

    /// The decoded values of the query's parameters of a signature by name; empty when there is neither algorithm,
    /// credential nor signature.
    private static func signatureParameters(_ query: String) -> [String: [String]] {
        guard !query.isEmpty else { return [:] }
        var parameters: [String: [String]] = [:]
        for parameter in query.split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(decoding: PercentEncoding.decode(parts[0].utf8), as: UTF8.self)
            guard name.hasPrefix("X-Amz-") else { continue }
            let value = parts.count > 1 ? String(decoding: PercentEncoding.decode(parts[1].utf8), as: UTF8.self) : ""
            parameters[name, default: []].append(value)
        }
        let isSigned = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"].contains { parameters[$0] != nil }
        return isSigned ? parameters : [:]
    }
}
