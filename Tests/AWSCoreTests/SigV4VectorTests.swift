import AWSCore
import Testing

@Suite("Signatures of others are accepted") struct SigV4VectorTests {
    @Test("AWS's worked example: ListUsers, 2015-08-30") func workedExample() throws {
        let signer = SigV4Signer(
            accessKeyID: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: try #require(Region("us-east-1")), service: "iam")
        let request = SignableRequest(
            method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
            headers: [("Host", "iam.amazonaws.com"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")])
        let signed = signer.sign(request, now: 1_440_938_160_000)
        #expect(signed.headers.contains { $0.name == "X-Amz-Date" && $0.value == "20150830T123600Z" })
        #expect(
            signed.headers.last?.value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
        let trace = try #require(SignatureTrace(of: SignatureClaim(of: signed), in: signed))
        #expect(
            trace.canonicalRequest == """
                GET
                /
                Action=ListUsers&Version=2010-05-08
                content-type:application/x-www-form-urlencoded; charset=utf-8
                host:iam.amazonaws.com
                x-amz-date:20150830T123600Z

                content-type;host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                """)
        #expect(
            trace.stringToSign == """
                AWS4-HMAC-SHA256
                20150830T123600Z
                20150830/us-east-1/iam/aws4_request
                f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59
                """)
    }

    @Test("Every shape that botocore signs", arguments: SigV4Vector.all) func botocore(_ vector: SigV4Vector) async throws {
        let verified = try await SigV4Verifier().verify(vector.request, service: vector.service, now: vector.now, credential: vector.credential)
        #expect(verified.accessKeyID == vector.accessKeyID)
        #expect(verified.region.description == vector.region)
        #expect(verified.service == vector.service)
    }

    @Test("Our signer makes botocore's signature", arguments: SigV4Vector.all.filter { $0.query.isEmpty && $0.name != "header-repeated" })
    func signer(_ vector: SigV4Vector) throws {
        let authorization = try #require(vector.request.headers.first { $0.name == "Authorization" }).value
        let list = try #require(authorization.split(separator: "SignedHeaders=").last?.split(separator: ",").first)
        let signedNames = Set(list.split(separator: ";").map(String.init))
        let unsigned = vector.request.headers.filter { header in
            signedNames.contains(header.name.lowercased()) && !["x-amz-date", "x-amz-security-token"].contains(header.name.lowercased())
        }
        let signer = SigV4Signer(
            accessKeyID: vector.accessKeyID, secret: vector.secret, sessionToken: vector.token, region: try #require(Region(vector.region)),
            service: vector.service)
        #expect(signer.sign(vector.request.changing(headers: unsigned), now: vector.now).headers.last?.value == authorization)
    }

    @Test("A date in the Date header, in either form", arguments: ["Sun, 01 Mar 2026 12:34:56 GMT", "20260301T123456Z"])
    func dateHeader(_ date: String) async throws {
        // Signed by hand: the date goes into the string to sign in its basic form, whatever the header says.
        let vector = try SigV4Vector.named("get-vanilla")
        let signer = SigV4Signer(accessKeyID: vector.accessKeyID, secret: vector.secret, region: try #require(Region("us-east-1")), service: "ecr")
        let request = SignableRequest(method: "GET", path: "/", headers: [("Host", "localhost"), ("Date", date)])
        let signed = signer.sign(request, now: vector.now, dateHeader: false)
        _ = try await SigV4Verifier().verify(signed, service: "ecr", now: vector.now, credential: vector.credential)
    }

    @Test("What our signer presigns", arguments: [nil, "a token/+="]) func presigned(_ token: String?) async throws {
        let signer = SigV4Signer(
            accessKeyID: token == nil ? "AKIA1" : "ASIA1", secret: "s", sessionToken: token, region: try #require(Region("eu-west-1")), service: "sts"
        )
        let request = SignableRequest(method: "GET", path: "/", query: "Action=GetCallerIdentity", headers: [("Host", "localhost:5000")])
        let signed = signer.presign(request, now: 1_000_000_000_000, expires: 60)
        let verified = try await SigV4Verifier().verify(signed, service: "sts", now: 1_000_000_060_000) { _, given in
            given == token ? .secret("s") : .unknown
        }
        #expect(verified.region.description == "eu-west-1")
    }
}
