import AWSCore
import DistributionAPI
import ECRAPI
import Foundation
import HTTPTypes
import IAM
import Identity
import NIOCore
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// Whole requests: whatever comes, the answer is no failure of the server.
@Suite struct DialectFuzzTests {
    private static func dialect(_ installation: TestInstallation) -> ECRDialect {
        let services = installation.services
        let tokens = installation.identity.dockerTokens
        return ECRDialect(services: services, tokens: tokens, authorizer: installation.authorizer)
    }

    /// The name of an operation, a space, and its input.
    @Test func jsonCalls() async throws {
        let installation = try TestInstallation()
        let dialect = Self.dialect(installation)
        let digest = "sha256:" + String(repeating: "ab", count: 32)
        var fuzzer = try Fuzzer(
            "awsjson",
            seeds: [
                #"CreateRepository {"repositoryName":"a","imageTagMutability":"MUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filter":"v*","filterType":"WILDCARD"}],"tags":[{"Key":"a","Value":"b"}]}"#,
                #"DescribeRepositories {"maxResults":10,"nextToken":"AAAA"}"#,
                #"PutImage {"repositoryName":"app","imageManifest":"{}","imageTag":"v1"}"#,
                #"BatchGetImage {"repositoryName":"app","imageIds":[{"imageTag":"a","imageDigest":"\#(digest)"}],"acceptedMediaTypes":["a/b"]}"#,
                #"UploadLayerPart {"repositoryName":"app","uploadId":"a","partFirstByte":0,"partLastByte":1,"layerPartBlob":"e30="}"#,
                #"DescribeImages {"repositoryName":"app","filter":{"tagStatus":"TAGGED"}}"#,
                #"TagResource {"resourceArn":"arn:aws:ecr:us-east-1:123456789012:repository/app","tags":[]}"#,
            ],
            words: [
                "{", "}", "[", "null", "-1", "1e99", "9223372036854775807", #""registryId":"123456789012","#, #""repositoryName":"#, "ListImages ",
                "DeleteRepository ",
                "BatchDeleteImage ", "CompleteLayerUpload ", "GetDownloadUrlForLayer ", "SetRepositoryPolicy ", "PutLifecyclePolicy ", digest,
                "\\ud83d", "\\u0000", #""app""#, "true",
            ])
        try await fuzzer.run { input in
            let call = input.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
            let operation = String(decoding: call[0], as: UTF8.self)
            let answer = await dialect.respond(to: operation, body: Array(call.count > 1 ? call[1] : []), context: installation.context())
            let body = String(decoding: answer.body, as: UTF8.self)
            guard answer.status < 500 else { throw Broken("\(operation) is answered by \(answer.status): \(body)") }
            guard (try? JSONSerialization.jsonObject(with: Data(answer.body))) != nil else { throw Broken("the answer is no JSON: \(body)") }
            return "\(answer.status) \(body.prefix(60).prefix { $0 != "," })"
        }
    }

    /// `METHOD target`, header lines, an empty line, a body.
    @Test func ociRequests() async throws {
        let installation = try TestInstallation()
        let registry = installation.registry
        let dialect = DistributionDialect(services: installation.services, authorizer: installation.authorizer)
        guard let name = RepositoryName("app"), let tag = ImageTag("v1") else { throw Broken("names") }
        _ = try await registry.createRepository(name)
        let image = try await registry.push(TestImage.image(seed: 1), to: name, tags: [tag])
        let upload = try await registry.startUpload(in: name)
        let manifest = String(decoding: TestImage.image(seed: 1).manifest.payload, as: UTF8.self)
        let type = "application/vnd.oci.image.manifest.v1+json"
        var fuzzer = try Fuzzer(
            "oci",
            seeds: [
                "GET /v2/app/manifests/v1\nAccept: \(type)\n\n", "GET /v2/app/blobs/\(image.digest)\nRange: bytes=0-9\n\n",
                "GET /v2/app/tags/list?n=10&last=a\n\n",
                "GET /v2/app/referrers/\(image.digest)?artifactType=a\n\n", "PUT /v2/app/manifests/v2?tag=v3\nContent-Type: \(type)\n\n\(manifest)",
                "POST /v2/app/blobs/uploads/?mount=\(image.digest)&from=other\n\n",
                "PATCH /v2/app/blobs/uploads/\(upload.id)\nContent-Range: 0-1\n\nab",
                "PUT /v2/app/blobs/uploads/\(upload.id)?digest=\(image.digest)\n\nabc", "DELETE /v2/app/manifests/v9\n\n",
            ],
            words: [
                "GET ", "HEAD ", "POST ", "DELETE ", "/", "//", "..", "%2F", "%2e%2e", "%00", "?", "&", "=", "blobs", "uploads", "manifests",
                "referrers", "tags", "list", "_catalog",
                "Range: bytes=", "Content-Range: ", "If-None-Match: ", "Content-Type: ", "\n", "-1", "9223372036854775808", "sha256:", "sha512:",
            ])
        try await fuzzer.run { input in
            let request = Self.request(input, installation)
            guard let request else { return "unsendable" }
            let answer = await dialect.respond(to: request)
            if case .blob(let blob, let range) = answer.body {
                blob.close()
                guard range.lowerBound >= 0, range.upperBound <= blob.size else { throw Broken("\(range) of \(blob.size)") }
            }
            guard answer.status.code < 500 else { throw Broken("\(request.method) \(request.path) is answered by \(answer.status)") }
            return "\(request.method) \(answer.status.code) \(answer.action ?? "")"
        }
    }

    private static func request(_ input: [UInt8], _ installation: TestInstallation) -> DistributionRequest? {
        let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let first = String(decoding: lines[0], as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard first.count == 2, let method = HTTPRequest.Method(String(first[0])) else { return nil }
        let target = first[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var headers = HTTPFields()
        for line in lines.dropFirst().prefix(while: { !$0.isEmpty }) {
            let parts = String(decoding: line, as: UTF8.self).split(separator: ":", maxSplits: 1)
            if parts.count == 2, let name = HTTPField.Name(String(parts[0])) { headers.append(HTTPField(name: name, value: String(parts[1]))) }
        }
        let body = Array(lines.drop { !$0.isEmpty }.dropFirst().joined(separator: [UInt8(ascii: "\n")]))
        let stream = AsyncStream { continuation in
            continuation.yield(ByteBuffer(bytes: body))
            continuation.finish()
        }
        return DistributionRequest(
            method: method, path: String(target[0]), query: target.count > 1 ? String(target[1]) : nil, headers: headers,
            body: AnyAsyncSequence(stream), contentLength: Int64(body.count), context: installation.context(),
            registry: RegistryID(account: installation.account, region: installation.region))
    }

    /// Docker passwords, page tokens and download links: nothing that was changed opens anything.
    @Test func sealedTokens() async throws {
        let installation = try TestInstallation()
        let services = installation.services
        try await Accounts(database: services.database).establish(installation.account)
        let key = try await AccessKeys(database: services.database, keys: services.keys, ids: services.ids).resetRootKey(of: installation.account)
        let tokens = installation.identity.dockerTokens
        let password = try await tokens.issue(to: installation.root(accessKeyID: key.id)).password
        let dialect = Self.dialect(installation)
        for name in ["aa", "bb"] { _ = try await installation.registry.createRepository(try #require(RepositoryName(name))) }
        let page = await dialect.respond(to: "DescribeRepositories", body: Array(#"{"maxResults":1}"#.utf8), context: installation.context())
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(page.body)) as? [String: Any])
        let next = try #require(answer["nextToken"] as? String)
        var fuzzer = try Fuzzer("token", seeds: [password, next], words: ["AAAA", "=", "-", "_", ".", "%", "\u{0}", "e30", ":"])
        try await fuzzer.run { input in
            let text = String(decoding: input, as: UTF8.self)
            var outcome = ""
            do {
                _ = try await tokens.caller(for: text)
                guard text == password else { throw Broken("a changed password is accepted") }
                outcome = "password"
            } catch let refusal as TokenRefusal {
                outcome = "\(refusal)"
            }
            guard try await services.openDownload(text) == nil else { throw Broken("a text opens a layer") }
            let body = try JSONSerialization.data(withJSONObject: ["nextToken": text])
            let list = await dialect.respond(to: "DescribeRepositories", body: Array(body), context: installation.context())
            guard list.status == 400 || (list.status == 200 && text == next) else {
                throw Broken("a changed page token is answered by \(list.status)")
            }
            return outcome + " \(list.status)"
        }
    }
}
