import OCI
import RegistryCore

/// Copies a repository into a layout, image by image; what is there already is left alone.
struct ExportRepository {
    let place: RepositoryPlace
    let layout: LayoutFolder
    let steps: LayoutSteps
    /// Images that could not be copied, and why.
    private(set) var problems: [String] = []
    private var images = 0
    private var (copied, copiedBytes, present) = (0, Int64(0), 0)
    /// What the images name, in bytes; of the content that was looked at already, the part that is there.
    private var (total, done) = (Int64(0), Int64(0))
    private var known: Set<Digest> = []

    init(place: RepositoryPlace, layout: LayoutFolder, steps: LayoutSteps) {
        self.place = place
        self.layout = layout
        self.steps = steps
    }

    var summary: String { "\(images) images: \(copied) files of \(copiedBytes) bytes were copied, \(present) were there." }

    /// Copies everything, and shows how far it is. An image that is deleted meanwhile is left out, one that is damaged is a problem.
    mutating func run() async throws {
        let beginning: ExportAnswer.Beginning = try await steps.ask(.begin(place))
        total = beginning.bytes
        try layout.create(for: place)
        var (entries, archived, cursor) = ([ImageLayout.Entry](), [String](), PushOrderCursor?.none)
        repeat {
            let page: ExportAnswer.Images = try await steps.ask(.images(place, after: cursor))
            for image in page.images {
                guard let digest = Digest(image.digest) else { throw Refusal("\(image.digest) is no digest.") }
                if image.isArchived { archived.append(image.digest) }
                images += 1
                // Who reads the layout finds them by their indexes.
                if image.isMember, image.tags.isEmpty { continue }
                let type = MediaType(image.mediaType)
                guard try await bring(digest, type) else { continue }
                let tags: [ImageTag?] = image.tags.isEmpty ? [nil] : image.tags.map { ImageTag($0) }
                entries += tags.map { ImageLayout.Entry(mediaType: type, digest: digest, size: image.size, tag: $0) }
            }
            cursor = page.next
        } while cursor != nil
        steps.end()
        try layout.complete(ImageLayout.Index(entries), RepositoryRecord(place: place, settings: beginning.settings, archived: archived))
    }

    /// Copies an image with its members and layers; false when it is left out.
    private mutating func bring(_ digest: Digest, _ mediaType: MediaType) async throws -> Bool {
        if known.contains(digest) { return true }
        guard try await copy(digest, isManifest: true) == nil else { return false }
        let manifest = try layout.manifest(digest, mediaType)
        for member in manifest.requiredManifests {
            guard try await bring(member.digest, member.mediaType) else { return false }
        }
        for layer in manifest.requiredBlobs where !known.contains(layer.digest) {
            if let problem = try await copy(layer.digest, isManifest: false) {
                let again: ExportAnswer.Written = try await steps.ask(.manifest(place, digest: "\(digest)", layout))
                if again.problem == nil { problems.append("image \(digest): layer \(layer.digest): \(problem)") }
                return false
            }
            done += layer.size
            known.insert(layer.digest)
            steps.show("export", done, of: total)
        }
        known.insert(digest)
        return true
    }

    /// Copies a manifest, or a layer, unless it is there; why not, or nil.
    private mutating func copy(_ digest: Digest, isManifest: Bool) async throws -> String? {
        if layout.size(of: digest) != nil {
            present += 1
            return nil
        }
        let (place, layout, steps, done, total) = (place, layout, steps, done, total)
        let written: ExportAnswer.Written =
            if isManifest {
                try await steps.ask(ExportRequest.manifest(place, digest: "\(digest)", layout))
            } else {
                try await steps.watching({ steps.show("export", done + layout.unfinishedSize(of: digest), of: total) }) {
                    try await steps.ask(ExportRequest.layer(place, digest: "\(digest)", layout))
                }
            }
        guard written.problem == nil else { return written.problem }
        copied += 1
        copiedBytes += layout.size(of: digest) ?? 0
        return nil
    }
}
