import AWSCore
import Testing

/// Signatures that AWS itself has published: in the IAM user guide, in the S3 API reference, and with its test suite of signature version 4.
@Suite("Signatures that AWS published are accepted") struct SigV4PublishedTests {
    /// A request with the signature that AWS says it has.
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: SignableRequest
        let signature: String
        let secret: String
        let service: String
        let now: Int64

        /// Of the test suite, and of the guide of IAM: 2015-08-30T12:36:00Z.
        static let suiteTime: Int64 = 1_440_938_160_000

        init(
            _ name: String, _ method: String = "GET", _ path: String = "/", query: String = "", headers more: [(name: String, value: String)] = [],
            signed: String = "host;x-amz-date", body: String = "", gives signature: String
        ) {
            let authorization =
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=\(signed), Signature=\(signature)"
            let headers = [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")] + more + [("Authorization", authorization)]
            testDescription = name
            request = SignableRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))
            self.signature = signature
            secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
            service = "service"
            now = Self.suiteTime
        }

        /// One of the examples of S3's API reference: 2013-05-24.
        init(s3 name: String, _ path: String = "/", query: String = "", range: String? = nil, gives signature: String) {
            let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            let signed = "host;\(range == nil ? "" : "range;")x-amz-content-sha256;x-amz-date"
            let authorization =
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=\(signed),Signature=\(signature)"
            var headers = [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", empty), ("x-amz-date", "20130524T000000Z"),
                ("Authorization", authorization),
            ]
            if let range { headers.append(("Range", range)) }
            testDescription = "S3: \(name)"
            request = SignableRequest(method: "GET", path: path, query: query, headers: headers)
            self.signature = signature
            secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            service = "s3"
            now = 1_369_353_600_000
        }

        /// The guide of IAM: ListUsers, signed in its query.
        init(presigned signature: String) {
            testDescription = "IAM: ListUsers, presigned"
            request = SignableRequest(
                method: "GET", path: "/",
                query: "Action=ListUsers&Version=2010-05-08&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                    + "&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fiam%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60"
                    + "&X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Signature=\(signature)",
                headers: [("Host", "iam.amazonaws.com"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")])
            self.signature = signature
            secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
            service = "iam"
            now = Self.suiteTime
        }

        /// The same with one digit of its signature changed.
        var forged: SignableRequest {
            let digit = signature.hasSuffix("0") ? "1" : "0"
            let other = signature.dropLast() + digit
            return request.changing(
                query: request.query.replacing(signature, with: other),
                headers: request.headers.map { ($0.name, $0.value.replacing(signature, with: other)) })
        }
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private static let slash = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"

    static let examples: [Example] = [
        Example(presigned: "37ac2f4fde00b0ac9bd9eadeb459b1bbee224158d66e7ae5fcadb70b2d181d02"),
        Example(s3: "GET Object", "/test.txt", range: "bytes=0-9", gives: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Example(s3: "GET Bucket Lifecycle", query: "lifecycle", gives: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Example(s3: "List Objects", query: "max-keys=2&prefix=J", gives: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        Example("get-vanilla", gives: slash),
        Example("post-vanilla", "POST", gives: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Example(
            "get-vanilla-query-order-key-case", query: "Param2=value2&Param1=value1",
            gives: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Example(
            "get-vanilla-empty-query-key", query: "Param1=value1", gives: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        Example(
            "post-vanilla-query", "POST", query: "Param1=value1", gives: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
        Example(
            "get-vanilla-utf8-query", query: "\u{1234}=bar", gives: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        Example(
            "get-vanilla-query-unreserved", query: "-._~0123456789\(letters)=-._~0123456789\(letters)",
            gives: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        Example("get-utf8", "GET", "/\u{1234}", gives: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        Example(
            "get-unreserved", "GET", "/-._~0123456789\(letters)", gives: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        Example("get-space", "GET", "/example space/", gives: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        Example("get-relative", "GET", "/example/..", gives: slash),
        Example("get-relative-relative", "GET", "/example1/example2/../..", gives: slash),
        Example("get-slash", "GET", "//", gives: slash),
        Example("get-slash-dot-slash", "GET", "/./", gives: slash),
        Example("get-slashes", "GET", "//example//", gives: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        Example("get-slash-pointless-dot", "GET", "/./example", gives: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        Example(
            "get-header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", #" "a   b   c""#)],
            signed: "host;my-header1;my-header2;x-amz-date", gives: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Example(
            "post-x-www-form-urlencoded", "POST", headers: [("Content-Type", "application/x-www-form-urlencoded")],
            signed: "content-type;host;x-amz-date", body: "Param1=value1",
            gives: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    ]

    @Test(arguments: examples) func accepted(example: Example) async throws {
        let verified = try await SigV4Verifier().verify(example.request, service: example.service, now: example.now) { _, _ in
            .secret(example.secret)
        }
        #expect(verified.service == example.service)
    }

    @Test(arguments: examples) func refusedWithOneDigitChanged(example: Example) async {
        await #expect(throws: SignatureError.self) {
            try await SigV4Verifier().verify(example.forged, service: example.service, now: example.now) { _, _ in .secret(example.secret) }
        }
    }
}
