import AWSCore
import Foundation
import Testing

/// A request that botocore signed (`Tests/Vectors/sigv4-botocore.py`), as it went over the wire.
struct SigV4Vector: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let method: String
    let path: String
    let query: String
    let headers: [[String]]
    let body: Data
    let service: String
    let region: String
    let accessKeyID: String
    let secret: String
    let token: String?
    let now: Int64

    var testDescription: String { name }

    var request: SignableRequest {
        SignableRequest(method: method, path: path, query: query, headers: headers.map { ($0[0], $0[1]) }, body: Array(body))
    }

    /// Knows this vector's key, with this vector's token only.
    func credential(_ accessKeyID: String, _ sessionToken: String?) -> SigningCredential {
        accessKeyID == self.accessKeyID && sessionToken == token ? .secret(secret) : .unknown
    }

    static let all: [SigV4Vector] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/sigv4-botocore.json")
        do {
            return try JSONDecoder().decode([SigV4Vector].self, from: Data(contentsOf: file))
        } catch {
            fatalError("\(file.path): \(error)")
        }
    }()

    static func named(_ name: String) throws -> SigV4Vector {
        guard let vector = all.first(where: { $0.name == name }) else { throw CocoaError(.fileNoSuchFile) }
        return vector
    }
}

extension SignableRequest {
    /// The request with some parts replaced.
    func changing(
        method: String? = nil, path: String? = nil, query: String? = nil, headers: [(name: String, value: String)]? = nil, body: [UInt8]? = nil
    ) -> SignableRequest {
        SignableRequest(
            method: method ?? self.method, path: path ?? self.path, query: query ?? self.query, headers: headers ?? self.headers,
            body: body ?? self.body)
    }

    /// The request with a header replaced, or removed by nil.
    func setting(_ name: String, _ value: String?) -> SignableRequest {
        var headers = headers.filter { $0.name.lowercased() != name.lowercased() }
        if let value { headers.append((name, value)) }
        return changing(headers: headers)
    }
}
