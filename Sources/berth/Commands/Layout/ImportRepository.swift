import OCI

/// Brings the images of a layout into a repository, in the order in which the layout lists them, which is that of their pushes.
struct ImportRepository {
    let place: RepositoryPlace
    let layout: LayoutFolder
    /// Nil for a layout that `berth export` did not make.
    let record: RepositoryRecord?
    let replacesSettings: Bool
    let steps: LayoutSteps
    private var (new, present) = (0, 0)
    private var isNew = true
    private var (total, done) = (Int64(0), Int64(0))
    private var known: Set<Digest> = []
    /// Those that the layout gives each image, by its digest.
    private var tags: [String: [String]] = [:]

    init(place: RepositoryPlace, layout: LayoutFolder, record: RepositoryRecord?, replacesSettings: Bool, steps: LayoutSteps) {
        self.place = place
        self.layout = layout
        self.record = record
        self.replacesSettings = replacesSettings
        self.steps = steps
    }

    var summary: String {
        let kept = isNew || replacesSettings || record == nil ? "" : " It was there and keeps its settings; --settings replaces them."
        return "\(new) images came into \(place.text), \(present) were there.\(kept)"
    }

    /// Brings everything, and shows how far it is. Throws `Refusal`; what came until then stays.
    mutating func run() async throws {
        let index = try layout.index()
        total = layout.contentSize
        let beginning: ImportAnswer.Beginning = try await steps.ask(.begin(place, record?.settings))
        isNew = beginning.isNew
        for entry in index.manifests {
            guard let reference = entry.reference else { continue }
            guard ImageTag(reference) != nil else { throw Refusal("The layout calls an image \(reference), which can be no tag.") }
            tags[entry.digest, default: []].append(reference)
        }
        for entry in index.manifests {
            guard let digest = Digest(entry.digest) else { throw Refusal("The layout names \(entry.digest), which is no digest.") }
            try await bring(digest, MediaType(entry.mediaType))
        }
        // An index takes its members along, which could not go before it.
        // A public registry has no archive.
        for digest in (place.isPublic ? [] : record?.archived ?? []).reversed() { try await steps.tell(.archive(place, digest: digest)) }
        if let record { try await steps.tell(.end(place, record.settings, replacing: replacesSettings)) }
        steps.end()
    }

    /// Brings an image, after its members and layers.
    private mutating func bring(_ digest: Digest, _ mediaType: MediaType) async throws {
        guard known.insert(digest).inserted else { return }
        let manifest = try layout.manifest(digest, mediaType)
        for member in manifest.requiredManifests { try await bring(member.digest, member.mediaType) }
        var answer = try await ask(digest, manifest.mediaType)
        while !answer.missing.isEmpty {
            let missing = answer.missing
            for text in answer.missing {
                guard let layer = Digest(text), layout.size(of: layer) != nil else {
                    throw Refusal("The image \(digest) needs \(text), which is neither in the repository nor in the layout.")
                }
                try await steps.tell(.layer(place, digest: text, layout))
                steps.show("import", done, of: total)
            }
            answer = try await ask(digest, manifest.mediaType)
            guard answer.missing != missing else { throw Refusal("The image \(digest) needs \(missing[0]), which was brought and is not there.") }
        }
        if answer.isNew { new += 1 } else { present += 1 }
        done += layout.size(of: digest) ?? 0
        for layer in manifest.requiredBlobs where known.insert(layer.digest).inserted { done += layout.size(of: layer.digest) ?? 0 }
        steps.show("import", done, of: total)
    }

    private func ask(_ digest: Digest, _ mediaType: MediaType) async throws -> ImportAnswer.Image {
        let tags = tags["\(digest)"] ?? []
        return try await steps.ask(.image(place, digest: "\(digest)", mediaType: "\(mediaType)", tags: tags, layout))
    }
}
