import AWSCore
import Foundation
import Testing

/// One test for each error of `identity.md` section 1, and for each check of section 8 that concerns signatures.
@Suite("Refusals of signatures") struct SigV4RefusalTests {
    private let verifier = SigV4Verifier()

    /// The error for `request`, which must be refused.
    private func refusal(
        of request: SignableRequest, by verifier: SigV4Verifier? = nil, service: String = "ecr", at now: Int64? = nil, vector: SigV4Vector
    ) async throws -> SignatureError {
        try await #require(throws: SignatureError.self) {
            try await (verifier ?? self.verifier).verify(request, service: service, now: now ?? vector.now, credential: vector.credential)
        }
    }

    @Test("Nothing signed") func missing() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        let error = try await refusal(of: vector.request.setting("Authorization", nil), vector: vector)
        #expect(error == .missing)
        #expect(error.error(in: .json) == AWSError("MissingAuthenticationTokenException", "Missing Authentication Token"))
        #expect(error.error(in: .query) == AWSError("MissingAuthenticationToken", "Request is missing Authentication Token", status: 403))
    }

    @Test(
        "Malformed Authorization headers",
        arguments: [
            ("Basic QVdTOng=", "Unsupported AWS 'algorithm': 'Basic'."),
            ("", "Unsupported AWS 'algorithm': ''."),
            ("AWS4-HMAC-SHA512 Credential=a/20260301/r/s/aws4_request", "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'."),
            ("AWS4-HMAC-SHA256", "requires 'Credential' parameter. Authorization header requires 'Signature' parameter."),
            ("AWS4-HMAC-SHA256 Credential=a/20260301/r/s/aws4_request, Signature=00", "Authorization header requires 'SignedHeaders' parameter."),
            ("AWS4-HMAC-SHA256 Credential=a/20260301/r/s/aws4_request, SignedHeaders=host", "Authorization header requires 'Signature' parameter."),
            ("AWS4-HMAC-SHA256 Credential, SignedHeaders=host, Signature=00", "'Credential' not a valid key=value pair (missing equal-sign)"),
            ("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=00", "Credential must have exactly 5 slash-delimited elements"),
            ("AWS4-HMAC-SHA256 Credential=a//r/s/aws4_request, SignedHeaders=host, Signature=00", "Credential must have exactly 5"),
            ("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00, Signature=00", "is not a parameter that"),
            ("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00 11", "is not a parameter that"),
        ]) func incomplete(_ authorization: String, _ text: String) async throws
    {
        let vector = try SigV4Vector.named("client-describe-repositories")
        let error = try await refusal(of: vector.request.setting("Authorization", authorization), vector: vector)
        guard case .incomplete(let message) = error else { throw error }
        #expect(message.contains(text))
        #expect(error.error(in: .json) == AWSError("IncompleteSignatureException", message))
        #expect(error.error(in: .query) == AWSError("IncompleteSignature", message, status: 400))
    }

    @Test("No date, a date twice, a date in words") func dates() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        let none = vector.request.setting("X-Amz-Date", nil)
        #expect(
            try await refusal(of: none, vector: vector)
                == .incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."))
        let twice = vector.request.changing(headers: vector.request.headers + [("x-amz-date", "20260301T123456Z")])
        guard case .incomplete = try await refusal(of: twice, vector: vector) else { throw SignatureError.missing }
        for date in ["2026-03-01T12:34:56Z", "20260301T123456", "20260230T123456Z", "20260301T250000Z", "yesterday"] {
            let error = try await refusal(of: vector.request.setting("X-Amz-Date", date), vector: vector)
            #expect(error == .incomplete("Date must be in ISO-8601 'basic format'. Got '\(date)'. See http://en.wikipedia.org/wiki/ISO_8601"))
        }
    }

    @Test("Header and query both signed") func signedTwice() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        let presigned = try SigV4Vector.named("presigned")
        for request in [
            vector.request.changing(query: presigned.query), vector.request.changing(query: "X-Amz-Signature=00"),
            vector.request.changing(headers: vector.request.headers + [("authorization", "Basic QVdTOng=")]),
        ] {
            #expect(
                try await refusal(of: request, vector: vector)
                    == .incomplete("A request must be signed once, in its Authorization header or in its query-string."))
        }
    }

    @Test("Unknown key, key without its token, token of another key: one and the same error") func unrecognized() async throws {
        let vector = try SigV4Vector.named("client-session-token")
        let key = try SigV4Vector.named("client-describe-repositories")
        #expect(try await refusal(of: vector.request, vector: key) == .unrecognizedCredential)
        let foreign = vector.request.setting("X-Amz-Security-Token", "of another key")
        #expect(try await refusal(of: foreign, vector: vector) == .unrecognizedCredential)
        let error = SignatureError.unrecognizedCredential
        let text = "The security token included in the request is invalid."
        #expect(error.error(in: .json) == AWSError("UnrecognizedClientException", text))
        #expect(error.error(in: .query) == AWSError("InvalidClientTokenId", text, status: 403))
    }

    @Test("ASIA without a token, AKIA with one: refused before any look-up") func tokenAndKeyKind() async throws {
        for (key, token) in [("ASIA1", nil), ("AKIA1", "token")] {
            let signer = SigV4Signer(accessKeyID: key, secret: "s", sessionToken: token, region: try #require(Region("us-east-1")), service: "ecr")
            let request = SignableRequest(method: "POST", path: "/", headers: [("Host", "localhost")])
            for signed in [signer.sign(request, now: 0), signer.presign(request, now: 0, expires: 60)] {
                await #expect(throws: SignatureError.unrecognizedCredential) {
                    try await verifier.verify(signed, service: "ecr", now: 0) { _, _ in
                        Issue.record("looked up \(key)")
                        return .secret("s")
                    }
                }
            }
        }
    }

    @Test("Expired session") func expiredSession() async throws {
        let vector = try SigV4Vector.named("client-session-token")
        let error = try await #require(throws: SignatureError.self) {
            try await verifier.verify(vector.request, service: "ecr", now: vector.now) { _, _ in .expired }
        }
        #expect(error.error(in: .json) == AWSError("ExpiredTokenException", "The security token included in the request is expired"))
        #expect(error.error(in: .query).code == "ExpiredToken")
    }

    @Test("Signature of another secret") func mismatch() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        let error = try await #require(throws: SignatureError.self) {
            try await verifier.verify(vector.request, service: "ecr", now: vector.now) { _, _ in .secret("wrong") }
        }
        let text =
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
            + "Consult the service documentation for details."
        #expect(error.error(in: .json) == AWSError("InvalidSignatureException", text))
        #expect(error.error(in: .query) == AWSError("SignatureDoesNotMatch", text, status: 403))
    }

    @Test("Body swapped, also with a header that states the old or the new hash") func bodySwapped() async throws {
        let vector = try SigV4Vector.named("content-sha256")
        let swapped = vector.request.changing(body: Array("{ }".utf8))
        for request in [
            swapped, swapped.setting("X-Amz-Content-SHA256", "257c1be96ae69f4b01c2c69bdb6d78605f59175819fb007d0bf245bf48444c4a"),
            swapped.setting("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"),
        ] {
            guard case .mismatch = try await refusal(of: request, vector: vector) else { throw SignatureError.missing }
        }
    }

    @Test("A stated body hash that is signed but not the body's", arguments: ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "00"])
    func statedHash(_ hash: String) async throws {
        let vector = try SigV4Vector.named("content-sha256")
        let signer = SigV4Signer(accessKeyID: vector.accessKeyID, secret: vector.secret, region: try #require(Region("us-east-1")), service: "ecr")
        let signed = signer.sign(
            SignableRequest(method: "POST", path: "/", headers: [("Host", "h"), ("X-Amz-Content-Sha256", hash)]), now: vector.now)
        guard case .mismatch = try await refusal(of: signed, vector: vector) else { throw SignatureError.missing }
    }

    @Test("Unsigned x-amz-target", arguments: ["X-Amz-Target", "x-amz-security-token", "X-AMZ-ANYTHING"]) func unsignedHeader(_ name: String)
        async throws
    {
        let vector = try SigV4Vector.named("get-vanilla")
        let error = try await refusal(of: vector.request.setting(name, "AmazonEC2ContainerRegistry_V20150921.DeleteRepository"), vector: vector)
        #expect(error == .mismatch("'\(name)' must be a 'SignedHeader' in the AWS Authorization."))
    }

    @Test("The host is not signed, or the list is not sorted or has a name twice") func signedHeaderList() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        let authorization = try #require(vector.request.headers.first { $0.name == "Authorization" }).value
        for (old, new) in [(";host;", ";"), ("content-type;host", "host;content-type"), (";host;", ";host;host;"), (";host;", ";Host;")] {
            let changed = authorization.replacingOccurrences(of: old, with: new)
            #expect(changed != authorization)
            guard case .mismatch = try await refusal(of: vector.request.setting("Authorization", changed), vector: vector) else {
                throw SignatureError.missing
            }
        }
    }

    @Test("Scope for another service, region or terminator") func scope() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        #expect(
            try await refusal(of: vector.request, service: "sts", vector: vector) == .scope("Credential should be scoped to correct service: 'sts'."))
        let european = SigV4Verifier(regions: [try #require(Region("eu-west-1"))])
        let error = try await refusal(of: vector.request, by: european, vector: vector)
        #expect(error == .scope("Credential should be scoped to a valid region."))
        #expect(error.error(in: .json) == AWSError("InvalidSignatureException", "Credential should be scoped to a valid region."))
        #expect(error.error(in: .query).code == "SignatureDoesNotMatch")

        let authorization = try #require(vector.request.headers.first { $0.name == "Authorization" }).value
        let otherEnd = authorization.replacingOccurrences(of: "aws4_request", with: "aws5_request")
        #expect(
            try await refusal(of: vector.request.setting("Authorization", otherEnd), vector: vector)
                == .scope("Credential should be scoped with a valid terminator: 'aws4_request'."))
    }

    @Test("Scope day and date differ") func scopeDayIsNotTheDate() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        let authorization = try #require(vector.request.headers.first { $0.name == "Authorization" }).value
        let otherDay = authorization.replacingOccurrences(of: "20260301", with: "20260228")
        #expect(
            try await refusal(of: vector.request.setting("Authorization", otherDay), vector: vector)
                == .scope(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260228' != '20260301', "
                        + "from '20260301T123456Z'."))
    }

    @Test("Fifteen minutes of skew, to the second") func skew() async throws {
        let vector = try SigV4Vector.named("client-describe-repositories")
        for offset: Int64 in [-900_000, 0, 900_000] {
            _ = try await verifier.verify(vector.request, service: "ecr", now: vector.now + offset, credential: vector.credential)
        }
        #expect(
            try await refusal(of: vector.request, at: vector.now + 901_000, vector: vector)
                == .skew("Signature expired: 20260301T123456Z is now earlier than 20260301T123457Z (20260301T124957Z - 15 min.)"))
        #expect(
            try await refusal(of: vector.request, at: vector.now - 901_000, vector: vector)
                == .skew("Signature not yet current: 20260301T123456Z is still later than 20260301T123455Z (20260301T121955Z + 15 min.)"))
        #expect(SignatureError.skew("x").error(in: .json).code == "InvalidSignatureException")
        #expect(SignatureError.skew("x").error(in: .query).code == "SignatureDoesNotMatch")
    }

    @Test("A presigned request is good until its own end, and not before its time") func presignedTime() async throws {
        let vector = try SigV4Vector.named("presigned")
        _ = try await verifier.verify(vector.request, service: "sts", now: vector.now + 60_000, credential: vector.credential)
        #expect(
            try await refusal(of: vector.request, service: "sts", at: vector.now + 61_000, vector: vector)
                == .skew("Signature expired: 20260301T123556Z is now earlier than 20260301T123557Z"))
        guard case .skew = try await refusal(of: vector.request, service: "sts", at: vector.now - 901_000, vector: vector) else {
            throw SignatureError.missing
        }
    }

    @Test("Presigned: a parameter missing, twice or out of range") func presignedParameters() async throws {
        let vector = try SigV4Vector.named("presigned")
        for name in ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
            let renamed = vector.query.replacingOccurrences(of: "X-Amz-\(name)=", with: "X-Other=")
            let error = try await refusal(of: vector.request.changing(query: renamed), service: "sts", vector: vector)
            #expect(
                error
                    == .incomplete(
                        "AWS query-string parameters must include 'X-Amz-\(name)' once. Re-examine the query-string parameters."))
            let twice = vector.request.changing(query: vector.query + "&X-Amz-\(name)=x")
            guard case .incomplete = try await refusal(of: twice, service: "sts", vector: vector) else { throw SignatureError.missing }
        }
        for expires in ["0", "604801", "-1", "1h", ""] {
            let query = vector.query.replacingOccurrences(of: "X-Amz-Expires=60", with: "X-Amz-Expires=\(expires)")
            guard case .incomplete = try await refusal(of: vector.request.changing(query: query), service: "sts", vector: vector) else {
                throw SignatureError.missing
            }
        }
        let token = vector.request.changing(query: vector.query + "&X-Amz-Security-Token=a&X-Amz-Security-Token=b")
        guard case .incomplete = try await refusal(of: token, service: "sts", vector: vector) else { throw SignatureError.missing }
    }

    @Test("Errors of the look-up itself come through") func lookupFails() async throws {
        struct Down: Error {}
        let vector = try SigV4Vector.named("get-vanilla")
        await #expect(throws: Down.self) {
            try await verifier.verify(vector.request, service: "ecr", now: vector.now) { _, _ in throw Down() }
        }
    }
}
