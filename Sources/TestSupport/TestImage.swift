import OCI

/// An image, index or artifact made in memory: the blobs and manifests to push, in order, and what comes of them.
package struct TestImage: Sendable {
    /// Which of the two families of media types the manifests use.
    package enum Flavour: Sendable, CaseIterable {
        case oci
        case docker
    }

    /// A config or layer.
    package struct Blob: Sendable {
        package let descriptor: Descriptor
        package let bytes: [UInt8]
    }

    /// Config and layers of this image and its members.
    package let blobs: [Blob]
    /// The images that an index lists.
    package let members: [TestImage]
    package let manifest: Manifest
    /// The manifest's digest, by SHA-256.
    package var digest: Digest { Digest.of(manifest.payload) }
    /// What an index or a subject says of this image.
    package var descriptor: Descriptor {
        Descriptor(mediaType: manifest.mediaType, digest: digest, size: Int64(manifest.payload.count), artifactType: manifest.artifactType)
    }

    /// An image whose layers have these sizes and bytes made from `seed`; another seed, another image.
    package static func image(_ flavour: Flavour = .oci, seed: UInt64 = 1, layers sizes: [Int] = [1024, 4096], subject: TestImage? = nil) -> TestImage
    {
        var random = SeededRandom(seed: seed)
        let layerType =
            flavour == .oci ? "application/vnd.oci.image.layer.v1.tar+gzip" : "application/vnd.docker.image.rootfs.diff.tar.gzip"
        let layers = sizes.map { blob(random.bytes($0), MediaType(layerType)) }
        let diffs = layers.map { "\"\($0.descriptor.digest)\"" }.joined(separator: ",")
        let config = blob(
            Array(
                """
                {"architecture":"amd64","os":"linux","config":{"Labels":{"seed":"\(seed)"}},"rootfs":{"type":"layers","diff_ids":[\(diffs)]}}
                """.utf8),
            flavour == .oci ? .ociImageConfig : .dockerImageConfig)
        return manifest(flavour, type: nil, config: config, layers: layers, subject: subject)
    }

    /// An OCI artifact of `type` with a config of `{}` and one layer, such as a signature of `subject`.
    package static func artifact(
        _ type: String, of subject: TestImage? = nil, config: MediaType = .ociEmpty, seed: UInt64 = 1, size: Int = 256,
        annotations: [String: String] = [:]
    ) -> TestImage {
        var random = SeededRandom(seed: seed)
        let layer = blob(random.bytes(size), MediaType("application/octet-stream"))
        return manifest(
            .oci, type: type, config: blob(Array("{}".utf8), config), layers: [layer], subject: subject, annotations: annotations)
    }

    /// An index, or manifest list, of `members`, each for a platform of its own.
    package static func index(_ flavour: Flavour = .oci, of members: [TestImage], subject: TestImage? = nil) -> TestImage {
        let mediaType: MediaType = flavour == .oci ? .ociIndex : .dockerManifestList
        let architectures = ["amd64", "arm64", "s390x", "ppc64le", "riscv64"]
        let entries = members.enumerated().map { index, member in
            let platform = "\"platform\":{\"architecture\":\"\(architectures[index % architectures.count])\",\"os\":\"linux\"}"
            return json(member.descriptor, adding: platform)
        }
        let payload = """
            {"schemaVersion":2,"mediaType":"\(mediaType)","manifests":[\(entries.joined(separator: ","))]\(json(subject: subject))}
            """
        let parsed = Manifest(
            payload: Array(payload.utf8), mediaType: mediaType, content: .index(manifests: members.map(\.descriptor)), artifactType: nil,
            subject: subject?.descriptor, annotations: [:])
        return TestImage(blobs: members.flatMap(\.blobs), members: members, manifest: parsed)
    }

    private static func manifest(
        _ flavour: Flavour, type: String?, config: Blob, layers: [Blob], subject: TestImage?, annotations: [String: String] = [:]
    ) -> TestImage {
        let mediaType: MediaType = flavour == .oci ? .ociManifest : .dockerManifest
        let artifactType = type.map { ",\"artifactType\":\"\($0)\"" } ?? ""
        let notes = annotations.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        let payload = """
            {"schemaVersion":2,"mediaType":"\(mediaType)"\(artifactType),"config":\(json(config.descriptor)),\
            "layers":[\(layers.map { json($0.descriptor) }.joined(separator: ","))]\(json(subject: subject))\
            \(annotations.isEmpty ? "" : ",\"annotations\":{\(notes)}")}
            """
        let parsed = Manifest(
            payload: Array(payload.utf8), mediaType: mediaType,
            content: .image(config: config.descriptor, layers: layers.map(\.descriptor)), artifactType: type, subject: subject?.descriptor,
            annotations: annotations)
        return TestImage(blobs: [config] + layers, members: [], manifest: parsed)
    }

    private static func blob(_ bytes: [UInt8], _ mediaType: MediaType) -> Blob {
        Blob(descriptor: Descriptor(mediaType: mediaType, digest: Digest.of(bytes), size: Int64(bytes.count)), bytes: bytes)
    }

    private static func json(_ descriptor: Descriptor, adding member: String? = nil) -> String {
        let more = member.map { "," + $0 } ?? ""
        return "{\"mediaType\":\"\(descriptor.mediaType)\",\"digest\":\"\(descriptor.digest)\",\"size\":\(descriptor.size)\(more)}"
    }

    private static func json(subject: TestImage?) -> String {
        subject.map { ",\"subject\":\(json($0.descriptor))" } ?? ""
    }
}
