import Foundation
import OCI
import TestSupport
import Testing

@Suite("Manifests")
struct ManifestParsingTests {
    static let digest = "sha256:" + String(repeating: "a", count: 64)
    static let config = #"{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(digest)","size":7}"#
    static let layer = #"{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(digest)","size":9}"#

    /// An OCI image manifest with `members` in the place of its own.
    static func image(_ members: String = #""config":\#(config),"layers":[\#(layer)]"#, type: MediaType? = .ociManifest, version: String = "2")
        -> [UInt8]
    {
        let mediaType = type.map { #""mediaType":"\#($0)","# } ?? ""
        return Array(#"{"schemaVersion":\#(version),\#(mediaType)\#(members)}"#.utf8)
    }

    private func refusal(_ payload: [UInt8], _ contentType: MediaType? = nil) -> ManifestError? {
        do {
            _ = try Manifest(payload: payload, contentType: contentType)
            return nil
        } catch {
            return error
        }
    }

    @Test("Image manifests of OCI and of Docker", arguments: [MediaType.ociManifest, .dockerManifest])
    func image(_ type: MediaType) throws {
        let payload = Self.image(type: type)
        let manifest = try Manifest(payload: payload, contentType: type)
        #expect(manifest.payload == payload, "byte for byte")
        #expect(manifest.mediaType == type)
        guard case .image(let config, let layers) = manifest.content else {
            Issue.record("not an image")
            return
        }
        #expect(config?.size == 7)
        #expect(layers.map(\.size) == [9])
        #expect(manifest.requiredBlobs.map(\.digest.description) == [Self.digest], "each once")
        #expect(manifest.requiredManifests.isEmpty)
    }

    @Test("Indexes of OCI and of Docker, empty ones and nested ones among them", arguments: [MediaType.ociIndex, .dockerManifestList])
    func index(_ type: MediaType) throws {
        let member = #"{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"\#(Self.digest)","size":3,"platform":{"os":"linux"}}"#
        let manifest = try Manifest(payload: Self.image(#""manifests":[\#(member)]"#, type: type), contentType: nil)
        #expect(manifest.requiredManifests.map(\.digest.description) == [Self.digest])
        #expect(manifest.requiredBlobs.isEmpty)
        for empty in ["[]", "null"] {
            #expect(try Manifest(payload: Self.image(#""manifests":\#(empty)"#, type: type), contentType: nil).requiredManifests.isEmpty)
        }
        #expect(refusal(Self.image(#""annotations":{}"#, type: type)) == .malformed(path: "manifests"))
    }

    @Test("An artifact with a type, a subject, annotations and an empty config")
    func artifact() throws {
        let empty = #"{"mediaType":"application/vnd.oci.empty.v1+json","digest":"\#(Digest.of(Array("{}".utf8)))","size":2,"data":"e30="}"#
        let manifest = try Manifest(
            payload: Self.image(
                #""artifactType":"application/spdx+json","config":\#(empty),"layers":[],"subject":\#(Self.layer),"annotations":{"a":"b"},"x":[1]"#),
            contentType: .ociManifest)
        #expect(manifest.artifactType == "application/spdx+json")
        #expect(manifest.effectiveArtifactType == "application/spdx+json")
        #expect(manifest.subject?.digest.description == Self.digest)
        #expect(manifest.annotations == ["a": "b"])
    }

    @Test("The artifact type of an image is its config's media type, an index has none")
    func effectiveArtifactType() throws {
        #expect(try Manifest(payload: Self.image(), contentType: nil).effectiveArtifactType == "application/vnd.oci.image.config.v1+json")
        #expect(try Manifest(payload: Self.image(#""manifests":[]"#, type: .ociIndex), contentType: nil).effectiveArtifactType == nil)
    }

    @Test(
        "Layers may be absent, null or empty",
        arguments: [#""config":\#(config)"#, #""config":\#(config),"layers":null"#, #""config":\#(config),"layers":[]"#])
    func noLayers(_ members: String) throws {
        #expect(try Manifest(payload: Self.image(members), contentType: nil).requiredBlobs.count == 1)
    }

    @Test("Non-distributable layers need not be there")
    func nonDistributable() throws {
        let layers = ["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"]
            .map { #"{"mediaType":"\#($0)","digest":"sha256:\#(String(repeating: "b", count: 64))","size":1,"urls":["https://example.com/x"]}"# }
        let manifest = try Manifest(payload: Self.image(#""config":\#(Self.config),"layers":[\#(layers.joined(separator: ","))]"#), contentType: nil)
        #expect(manifest.requiredBlobs.map(\.size) == [7])
        guard case .image(_, let named) = manifest.content else {
            Issue.record("not an image")
            return
        }
        #expect(named.map(\.urls) == [["https://example.com/x"], ["https://example.com/x"]])
    }

    @Test("A manifest without mediaType has the request's, where OCI allows it")
    func mediaTypeOfRequest() throws {
        #expect(try Manifest(payload: Self.image(type: nil), contentType: .ociManifest).mediaType == .ociManifest)
        #expect(refusal(Self.image(type: nil)) == .mediaTypeMissing)
        #expect(refusal(Self.image(type: nil), .dockerManifest) == .malformed(path: "mediaType"))
        let form = MediaType("application/x-www-form-urlencoded")
        #expect(refusal(Self.image(type: nil), form) == .mediaTypeNotJSON(form))
    }

    @Test("CVE-2021-41190: a manifest is what its media type says, and one thing only")
    func confusion() {
        #expect(refusal(Self.image(), .ociIndex) == .mediaTypeMismatch(manifest: .ociManifest, request: .ociIndex))
        let both = #""config":\#(Self.config),"layers":[\#(Self.layer)],"manifests":[]"#
        for type in [MediaType.ociManifest, .ociIndex, MediaType("application/vnd.example+json")] {
            #expect(refusal(Self.image(both, type: type)) == .mixedContent(type))
        }
        #expect(refusal(Self.image(type: .ociIndex)) == .mixedContent(.ociIndex))
        #expect(refusal(Self.image(#""manifests":[]"#)) == .mixedContent(.ociManifest))
        #expect(refusal(Self.image(#""config":\#(Self.config),"Manifests":[]"#)) == .ambiguousMember("Manifests"))
    }

    @Test("Unknown media types are manifests too, with what they name")
    func unknownType() throws {
        let type = MediaType("application/vnd.cncf.oras.artifact.manifest.v1+json")
        let payload = Array(#"{"mediaType":"\#(type)","artifactType":"a/b","blobs":[\#(Self.layer)],"subject":\#(Self.config)}"#.utf8)
        let manifest = try Manifest(payload: payload, contentType: type)
        #expect(manifest.requiredBlobs.map(\.size) == [9])
        #expect(try Manifest(payload: Array(#"{"any":{"thing":[1]}}"#.utf8), contentType: MediaType("application/x+json")).requiredBlobs.isEmpty)
    }

    @Test("Versions other than 2 are refused", arguments: [("1", 1), ("3", 3)])
    func schemaVersion(_ text: String, version: Int) {
        #expect(refusal(Self.image(version: text)) == .schemaVersion(version))
        #expect(refusal(Array(#"{"mediaType":"\#(MediaType.ociIndex)","manifests":[]}"#.utf8)) == .schemaVersion(nil))
    }

    static let malformed: [(members: String, error: ManifestError)] = [
        (#""layers":[]"#, .malformed(path: "config")),
        (#""config":[]"#, .malformed(path: "config")),
        (#""config":{}"#, .malformed(path: "config.mediaType")),
        (#""config":\#(config),"layers":{}"#, .malformed(path: "layers")),
        (#""config":\#(config),"layers":[null]"#, .malformed(path: "layers[0]")),
        (#""config":\#(config),"layers":[\#(layer),{"mediaType":"a/b","digest":"\#(digest)"}]"#, .malformed(path: "layers[1].size")),
        (#""config":\#(config),"layers":[{"mediaType":"a/b","digest":"\#(digest)","size":"1"}]"#, .malformed(path: "layers[0].size")),
        (#""config":\#(config),"layers":[{"mediaType":"a/b","digest":"\#(digest)","size":1.5}]"#, .malformed(path: "manifest")),
        (#""config":\#(config),"layers":[{"mediaType":"a/b","digest":"\#(digest)","size":-1}]"#, .sizeNegative(path: "layers[0].size")),
        (#""config":\#(config),"layers":[{"mediaType":"a/b","digest":"sha256:x","size":1}]"#, .digestInvalid(path: "layers[0].digest")),
        (#""config":\#(config),"layers":[{"mediaType":"","digest":"\#(digest)","size":1}]"#, .mediaTypeInvalid(path: "layers[0].mediaType")),
        (#""config":\#(config),"layers":[{"mediaType":"a\n","digest":"\#(digest)","size":1}]"#, .mediaTypeInvalid(path: "layers[0].mediaType")),
        (#""config":\#(config),"subject":{"mediaType":"a/b","digest":"sha384:x","size":1}"#, .digestInvalid(path: "subject.digest")),
        (#""config":\#(config),"annotations":{"a":1}"#, .malformed(path: "annotations.a")),
        (#""config":\#(config),"artifactType":"a\r\nb"#, .json(.syntax(offset: 0))),
        (#""config":\#(config),"artifactType":"a\r\nb""#, .mediaTypeInvalid(path: "artifactType")),
        (
            #""config":\#(config),"layers":[{"mediaType":"a/b","digest":"\#(digest)","size":9223372036854775807}]"#, .sizeOverflow
        ),
        (#""config":{"mediaType":"a/b","digest":"\#(digest)","size":2,"data":"e30="}"#, .dataMismatch(path: "config.data")),
        (#""config":{"mediaType":"a/b","digest":"\#(digest)","size":2,"data":"***"}"#, .dataMismatch(path: "config.data")),
        (#""config":\#(config),"config":\#(config)"#, .json(.duplicateKey("config"))),
    ]

    @Test("Members that are missing or wrong are named", arguments: malformed)
    func malformedMember(_ members: String, error: ManifestError) {
        let refusal = refusal(Self.image(members))
        if case .json(.syntax) = error {
            guard case .json(.syntax) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
        } else {
            #expect(refusal == error)
        }
        #expect(error.description.hasSuffix("."))
    }

    @Test("Data of the right digest but another size is refused")
    func dataSize() {
        let data = #"{"mediaType":"a/b","digest":"\#(Digest.of(Array("{}".utf8)))","size":3,"data":"e30="}"#
        #expect(refusal(Self.image(#""config":\#(data)"#)) == .dataMismatch(path: "config.data"))
    }

    @Test("A payload that is no object is refused", arguments: ["[]", "1", "null", "\"\"", "true"])
    func notAnObject(_ text: String) { #expect(refusal(Array(text.utf8), .ociManifest) == .malformed(path: "manifest")) }

    @Test("An empty payload is refused")
    func empty() { #expect(refusal([], .ociManifest) == .json(.syntax(offset: 0))) }

    @Test("A manifest of almost 4 MiB is read")
    func large() throws {
        let annotations = (0..<390).map { #""large-annotation-\#($0)":"\#(String(repeating: "A", count: 10_000))""# }.joined(separator: ",")
        let manifest = try Manifest(payload: Self.image(#""config":\#(Self.config),"annotations":{\#(annotations)}"#), contentType: .ociManifest)
        #expect(manifest.annotations.count == 390)
    }

    @Test("Mutated manifests are read or refused, never more; what is read holds its promises", arguments: 0..<UInt64(8))
    func mutations(seed: UInt64) {
        var generator = SeededRandom(seed: seed)
        let seeds = [
            Self.image(), Self.image(#""manifests":[\#(Self.layer)],"annotations":{"a":"b"}"#, type: .ociIndex),
            Self.image(#""config":\#(Self.config),"layers":[\#(Self.layer)],"subject":\#(Self.layer),"artifactType":"a/b""#),
        ]
        var accepted = 0
        for _ in 0..<400 {
            var payload = seeds.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: 0..<payload.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: payload[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: payload.remove(at: place)
                case 2: payload.insert(payload[Int.random(in: 0..<payload.count, using: &generator)], at: place)
                default: payload[place] ^= 0x20
                }
            }
            guard let manifest = try? Manifest(payload: payload, contentType: nil) else { continue }
            accepted += 1
            #expect(manifest.payload == payload)
            let descriptors = manifest.requiredBlobs + manifest.requiredManifests
            #expect(descriptors.allSatisfy { $0.size >= 0 })
            #expect(Set(descriptors.map(\.digest)).count == descriptors.count)
        }
        #expect(accepted > 0, "some mutations change only values, or nothing was tested")
    }
}
