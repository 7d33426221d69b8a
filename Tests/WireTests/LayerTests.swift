import Foundation
import NIOCore
import OCI
import RegistryCore
import TestSupport
import Testing

@testable import ECRAPI

/// The layer API over bytes of real sizes.
@Suite struct LayerTests {
    let wire: Wire

    init() async throws {
        wire = try await Wire()
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
    }

    @Test func aLayerOfManyPartsIsTheBytesThatWereSent() async throws {
        var random = SeededRandom(seed: 7)
        let bytes = random.bytes((5 << 20) * 2 + 12_345)
        let digest = Digest.of(bytes).description
        let upload = try await wire.succeed("InitiateLayerUpload", ["repositoryName": "app"])
        #expect(upload["partSize"] == 10_485_760)
        let common: [String: JSON] = ["repositoryName": "app", "uploadId": try #require(upload["uploadId"])]
        for start in stride(from: 0, to: bytes.count, by: 5 << 20) {
            let part = Array(bytes[start..<min(start + 5 << 20, bytes.count)])
            let request: [String: JSON] = [
                "partFirstByte": .integer(start), "partLastByte": .integer(start + part.count - 1), "layerPartBlob": .string(part.base64),
            ]
            let answer = try await wire.succeed("UploadLayerPart", .object(common.merging(request) { $1 }))
            #expect(answer["lastByteReceived"] == .integer(start + part.count - 1))
        }
        let completed = try await wire.succeed("CompleteLayerUpload", .object(common.merging(["layerDigests": [.string(digest)]]) { $1 }))
        #expect(completed["layerDigest"] == .string(digest))
        let found = try await wire.succeed("BatchCheckLayerAvailability", ["repositoryName": "app", "layerDigests": [.string(digest)]])
        #expect(
            found["layers"] == [["layerDigest": .string(digest), "layerAvailability": "AVAILABLE", "layerSize": .integer(bytes.count)]])
        let layer = try await wire.installation.registry.openLayer(try #require(Digest(digest)), in: try #require(RepositoryName("app")))
        defer { layer.content.close() }
        #expect(Digest.of(Array(try await layer.content.read(at: 0, count: bytes.count).readableBytesView)).description == digest)
    }

    @Test func theDownloadURLNamesTheLayerToWhoeverHoldsIt() async throws {
        let image = TestImage.image(layers: [1000])
        try await wire.push(image, to: "app", tag: "v1")
        let layer = image.blobs[1]
        let answer = try await wire.succeed(
            "GetDownloadUrlForLayer", ["repositoryName": "app", "layerDigest": .string(layer.descriptor.digest.description)])
        let url = try #require(answer["downloadUrl"]?.text)
        let prefix = "https://registry.test/layers/"
        #expect(url.hasPrefix(prefix))
        let token = String(url.dropFirst(prefix.count))
        let opened = try #require(try await wire.installation.services.openDownload(token))
        #expect(opened.layer.digest == layer.descriptor.digest)
        opened.content.close()
        wire.installation.clock.advance(by: .seconds(3600))
        #expect(try await wire.installation.services.openDownload(token) == nil)
    }

    @Test func aRefusedPartChangesNothing() async throws {
        let upload = try await wire.succeed("InitiateLayerUpload", ["repositoryName": "app"])
        let id = try #require(upload["uploadId"]?.text)
        let name = try #require(RepositoryName("app"))
        for (first, last) in [(0, 5), (0, 3), (1, 5), (5, 0), (7, 7)] {
            let answer = try await wire.call(
                "UploadLayerPart",
                [
                    "repositoryName": "app", "uploadId": .string(id), "partFirstByte": .integer(first), "partLastByte": .integer(last),
                    "layerPartBlob": .string(Array("layer".utf8).base64),
                ])
            #expect(answer.code == "InvalidLayerPartException")
            #expect(answer.body["lastValidByteReceived"] == nil)
            #expect(try await wire.installation.registry.upload(id, in: name).offset == 0)
        }
    }
}
