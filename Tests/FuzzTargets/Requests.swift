import AWSCore
import DistributionAPI
import HTTPTypes
import NIOCore
import OCI
import RegistryCore
import Stores
import TestSupport

extension FuzzTarget {
    /// The distribution API: `METHOD target`, header lines, an empty line, a body. `@image` and `@upload` stand for what is there.
    static let requests = FuzzTarget("oci") {
        let installation = try TestInstallation()
        let registry = installation.registry
        let dialect = DistributionDialect(services: installation.services, authorizer: installation.authorizer)
        guard let name = RepositoryName("app"), let tag = ImageTag("v1") else { throw Broken("names") }
        _ = try await registry.createRepository(name)
        let image = try await registry.push(TestImage.image(seed: 1), to: name, tags: [tag])
        let upload = try await registry.startUpload(in: name)
        return { input in
            guard let request = request(input, installation, ["@image": "\(image.digest)", "@upload": upload.id]) else { return "unsendable" }
            let answer = await dialect.respond(to: request)
            if case .blob(let blob, let range) = answer.body {
                blob.close()
                guard range.lowerBound >= 0, range.upperBound <= blob.size else { throw Broken("\(range) of \(blob.size)") }
            }
            guard answer.status.code < 500 else { throw Broken("\(request.method) \(request.path) is answered by \(answer.status)") }
            return "\(request.method) \(answer.status.code) \(answer.action ?? "")"
        }
    }

    private static func request(_ input: [UInt8], _ installation: TestInstallation, _ words: [String: String]) -> DistributionRequest? {
        let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let line = words.reduce(String(decoding: lines[0], as: UTF8.self)) { $0.replacing($1.key, with: $1.value) }
        let first = line.split(separator: " ", maxSplits: 1)
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
}
