import AWSCore
import Foundation
import HTTPTypes
import IAM
import JSONText
import OCI
import Testing

@testable import HTTPEdge

/// Texts from strangers, read by pure functions.
@Suite struct ParserFuzzTests {
    @Test func manifests() async throws {
        let digest = "sha256:" + String(repeating: "ab", count: 32)
        let descriptor =
            #"{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(digest)","size":7,"data":"AA==","annotations":{"a":"b"}}"#
        let image =
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":\#(descriptor),"layers":[\#(descriptor)],"#
            + #""subject":\#(descriptor),"artifactType":"a/b","annotations":{"c":"d"}}"#
        let index = #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[\#(descriptor)]}"#
        var fuzzer = try Fuzzer(
            "manifest", seeds: [image, index],
            words: [
                "{", "}", "[", "]", "[[[[[[[[", "null", "-1", "9223372036854775808", "1e400", #""layers":"#, #""manifests":"#, #""mediaType":"#,
                "\\ud800",
                #""schemaVersion":1"#, digest, #""application/vnd.docker.distribution.manifest.list.v2+json""#, #""data":"#, #""urls":["http://a"]"#,
            ])
        try await fuzzer.run { input in
            let manifest: Manifest
            do { manifest = try Manifest(payload: input, contentType: nil) } catch { return "\(error)".prefix { $0 != "(" }.description }
            guard manifest.payload == input else { throw Broken("the bytes are not kept") }
            guard (try? StrictJSON.check(input)) != nil else { throw Broken("read although it is not strict JSON") }
            let named = manifest.requiredBlobs + manifest.requiredManifests
            guard Set(named.map(\.digest)).count == named.count else { throw Broken("a digest twice") }
            guard manifest.requiredBlobs.isEmpty || manifest.requiredManifests.isEmpty else { throw Broken("image and index at once") }
            return "\(min(named.count, 20)) \(manifest.subject == nil) \(manifest.artifactType == nil)"
        }
    }

    @Test func references() async throws {
        var fuzzer = try Fuzzer(
            "reference", seeds: ["my-app", "team/my-app", "v1.2.3", "sha256:" + String(repeating: "0a", count: 32)],
            words: ["..", "/", "//", "_", "__", "-", ":", "@", "sha512:", "sha256:", "%2e", "\u{0}", "É", String(repeating: "a", count: 256)])
        try await fuzzer.run { input in
            let text = String(decoding: input, as: UTF8.self)
            var kinds: [String] = []
            if let name = RepositoryName(text) {
                kinds.append("name")
                guard name.description == text, !text.contains(".."), !text.contains("//"), text.allSatisfy(\.isASCII) else {
                    throw Broken("name \(name)")
                }
            }
            if let tag = ImageTag(text) {
                kinds.append("tag")
                guard tag.description == text, text.utf8.count <= 128, !text.contains("/"), !text.contains(":") else { throw Broken("tag \(tag)") }
            }
            if let digest = Digest(text) {
                kinds.append("digest")
                guard digest.description == text, Digest(bytes: digest.bytes) == digest else { throw Broken("digest \(digest)") }
            }
            if kinds.contains("digest"), kinds.count > 1 { throw Broken("a digest is a tag or a name") }
            return kinds.joined(separator: " ")
        }
    }

    @Test func ranges() async throws {
        var fuzzer = try Fuzzer(
            "range", seeds: ["bytes=0-99", "bytes=-5", "bytes=100-", "0-1199999"],
            words: ["bytes=", "-", ",", "9223372036854775807", "18446744073709551616", " ", "0", "--"])
        try await fuzzer.run { input in
            let text = String(decoding: input, as: UTF8.self)
            let (range, chunk) = (ByteRange(header: text), ChunkRange(header: text))
            for size in [0, 1, 100, Int64.max] {
                guard let part = range?.within(size) else { continue }
                guard part.lowerBound >= 0, part.upperBound <= size, !part.isEmpty else { throw Broken("\(part) of \(size)") }
            }
            if let chunk, chunk.first < 0 || chunk.length <= 0 { throw Broken("chunk \(chunk)") }
            return "\(range == nil) \(chunk == nil) \(range?.within(100) == nil)"
        }
    }

    @Test func authorizationHeaders() async throws {
        let credential = "AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/ecr/aws4_request"
        let signature = String(repeating: "0a", count: 32)
        var fuzzer = try Fuzzer(
            "authorization",
            seeds: [
                "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=host;x-amz-date, Signature=\(signature)", "Basic QVdTOnRva2Vu",
                "Bearer abc",
            ],
            words: [
                "Credential=", "SignedHeaders=", "Signature=", ",", ", ", "/", ";", "=", "Basic ", "AWS4-HMAC-SHA256 ", "QVdTOg==", "\t", credential,
            ])
        try await fuzzer.run { input in
            let text = String(decoding: input, as: UTF8.self)
            let outcome =
                switch DockerCredentials([.authorization: text]) {
                case .none: "none"
                case .password: "password"
                case .bearer: "bearer"
                case .unusable: "unusable"
                }
            let headers = [
                (name: "Host", value: "registry.test"), (name: "X-Amz-Date", value: "20260101T000000Z"), (name: "Authorization", value: text),
            ]
            do {
                _ = try SignatureClaim(of: SignableRequest(method: "POST", path: "/", query: "", headers: headers, body: []))
                return outcome + " claim"
            } catch {
                return outcome + " " + "\(error)".prefix { $0 != "(" }
            }
        }
    }

    @Test func policies() async throws {
        let statement =
            #"{"Sid":"a","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root","*"]},"Action":["ecr:*","ecr:Get?mage"],"#
            + #""Resource":"arn:aws:ecr:*:*:repository/a*","Condition":{"StringLike":{"aws:PrincipalTag/a":["${aws:username}","x*"]},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#
        var fuzzer = try Fuzzer(
            "policy",
            seeds: [
                #"{"Version":"2012-10-17","Statement":[\#(statement)]}"#,
                #"{"Statement":{"Effect":"Deny","Principal":"*","NotAction":"s3:*","NotResource":"*"}}"#,
            ],
            words: [
                #""Deny""#, #""Allow""#, #""NotPrincipal":"#, #""Condition":"#, #""ForAllValues:StringEquals":"#, #""NumericLessThan":"#,
                #""DateGreaterThan":"#,
                #""Bool":"#, #""ArnLike":"#, "${", "${aws:username}", "*", "?", "****a", "\\u0000", #""2008-10-17""#, "[", "{", "::/0",
            ])
        let kinds: [PolicyKind] = [.identity, .trust, .resource, .container]
        try await fuzzer.run { input in
            let text = String(decoding: input, as: UTF8.self)
            var outcomes: [String] = []
            for kind in kinds {
                do {
                    let document = try PolicyDocument(json: text, as: kind)
                    _ = contextKeys(of: [document])
                    outcomes.append("\(document.statements.count)")
                } catch {
                    outcomes.append("\(error)".split(separator: " ").prefix(4).joined(separator: " "))
                }
            }
            return outcomes.joined(separator: ", ")
        }
    }

    @Test func hostNames() async throws {
        var fuzzer = try Fuzzer(
            "host",
            seeds: ["123456789012.dkr.ecr.us-east-1.amazonaws.com:443", "localhost:5000", "[::1]:5000", "123456789012.dkr-ecr.eu-west-1.on.aws"],
            words: [".", ":", "dkr", "ecr", "[", "]", "%", "@", "\u{0}", "xn--", "999999999999"])
        try await fuzzer.run { input in
            guard let host = HostName(String(decoding: input, as: UTF8.self)) else { return "none" }
            guard !host.name.contains(where: { $0.isUppercase || $0 == "/" || $0 == "@" }) else { throw Broken("\(host)") }
            return host.registry == nil ? "other" : "registry"
        }
    }
}
