import AWSCore
import Testing

/// Whatever one byte of a signed request is changed to, the signature no longer holds.
@Suite("A changed request is refused") struct SigV4MutationTests {
    /// `text` with each of its bytes replaced in turn by a letter or digit that changes its meaning.
    private func mutations(_ text: String) -> [String] {
        mutations(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    private func mutations(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.indices.prefix(400).map { index in
            var changed = bytes
            changed[index] = bytes[index] == UInt8(ascii: "7") ? UInt8(ascii: "3") : UInt8(ascii: "7")
            return changed
        }
    }

    /// All requests that differ from `request` by one byte of what is signed, or of the signature.
    private func mutations(_ request: SignableRequest, signed: Set<String>) -> [SignableRequest] {
        var all = mutations(request.method).map { request.changing(method: $0) }
        // A segment that `..` takes back is not part of the meaning, so it may be any.
        if !request.path.contains("..") { all += mutations(request.path).map { request.changing(path: $0) } }
        all += mutations(request.query).map { request.changing(query: $0) }
        all += mutations(request.body).map { request.changing(body: $0) }
        all.append(request.changing(body: request.body + [0]))
        for (index, header) in request.headers.enumerated() where signed.contains(header.name.lowercased()) || header.name == "Authorization" {
            let changed = mutations(header.value).map { (header.name, $0) } + mutations(header.name).map { ($0, header.value) }
            for header in changed {
                var headers = request.headers
                headers[index] = header
                all.append(request.changing(headers: headers))
            }
        }
        return all
    }

    @Test("One byte of method, path, query, header, body, date or token", arguments: SigV4Vector.all) func oneByte(_ vector: SigV4Vector) async throws
    {
        let verifier = SigV4Verifier()
        let request = vector.request
        let authorization = request.headers.first { $0.name == "Authorization" }?.value ?? "SignedHeaders=host"
        let list = try #require(authorization.split(separator: "SignedHeaders=").last?.split(separator: ",").first)
        let mutations = mutations(request, signed: Set(list.split(separator: ";").map(String.init)))
        #expect(mutations.count > 100)
        for mutation in mutations {
            await #expect(throws: SignatureError.self, "\(mutation)") {
                try await verifier.verify(mutation, service: vector.service, now: vector.now, credential: vector.credential)
            }
        }
        // The same verifier, its cache filled by now, still takes the request itself.
        _ = try await verifier.verify(request, service: vector.service, now: vector.now, credential: vector.credential)
    }

    @Test("A signed header that is left out, or that comes once more") func headerCount() async throws {
        let vector = try SigV4Vector.named("client-session-token")
        let signed = ["Host", "X-Amz-Target", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token"]
        for name in signed {
            let value = try #require(vector.request.headers.first { $0.name == name }).value
            for headers in [vector.request.setting(name, nil).headers, vector.request.headers + [(name, value)]] {
                await #expect(throws: SignatureError.self, "\(name)") {
                    try await SigV4Verifier().verify(
                        vector.request.changing(headers: headers), service: "ecr", now: vector.now, credential: vector.credential)
                }
            }
        }
    }

    @Test("Another secret of the same key id, as after a reset") func otherSecret() async throws {
        let vector = try SigV4Vector.named("get-vanilla")
        let verifier = SigV4Verifier()
        _ = try await verifier.verify(vector.request, service: "ecr", now: vector.now, credential: vector.credential)
        await #expect(throws: SignatureError.self) {
            try await verifier.verify(vector.request, service: "ecr", now: vector.now) { _, _ in .secret("another") }
        }
        _ = try await verifier.verify(vector.request, service: "ecr", now: vector.now, credential: vector.credential)
    }
}
