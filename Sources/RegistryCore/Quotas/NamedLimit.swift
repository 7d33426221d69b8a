/// A size or count of `Limits` as operators name it; `docs/quotas.md` is checked against the list.
package struct NamedLimit: Sendable {
    package let name: String
    /// One sentence without its final stop.
    package let summary: String
    /// False when 0 stands for any number.
    package let isRequired: Bool
    private var most = Int64.max
    private let get: @Sendable (Limits) -> Int64?
    private let set: @Sendable (inout Limits, Int64?) -> Void

    /// What holds when nobody sets it; nil: no limit.
    package var standard: Int64? { self.get(Limits()) }

    /// Sets the limit; 0 takes away one that is not required. False when the value cannot be.
    package func apply(_ value: Int64, to limits: inout Limits) -> Bool {
        guard (1...most).contains(value) || (value == 0 && !isRequired) else { return false }
        set(&limits, value == 0 ? nil : value)
        return true
    }

    private init(_ name: String, _ path: any WritableKeyPath<Limits, Int> & Sendable, _ summary: String) {
        self.name = name
        self.summary = summary
        isRequired = true
        get = { Int64($0[keyPath: path]) }
        set = { limits, value in if let value { limits[keyPath: path] = Int(value) } }
    }

    private init(_ name: String, _ path: any WritableKeyPath<Limits, Int64> & Sendable, _ summary: String) {
        self.name = name
        self.summary = summary
        isRequired = true
        get = { $0[keyPath: path] }
        set = { limits, value in if let value { limits[keyPath: path] = value } }
    }

    private init(_ name: String, _ path: any WritableKeyPath<Limits, Int64?> & Sendable, _ summary: String) {
        self.name = name
        self.summary = summary
        isRequired = false
        get = { $0[keyPath: path] }
        set = { limits, value in limits[keyPath: path] = value }
    }

    /// Whole `unit`s, a century at most, which every clock can add.
    private init(_ name: String, _ path: any WritableKeyPath<Limits, Duration> & Sendable, in unit: Duration, _ summary: String) {
        self.name = name
        self.summary = summary
        isRequired = true
        most = Int64(.seconds(100 * 365 * 24 * 3600) / unit)
        get = { Int64($0[keyPath: path] / unit) }
        set = { limits, value in if let value { limits[keyPath: path] = unit * value } }
    }

    /// All that can be set.
    package static let all: [NamedLimit] = [
        NamedLimit("layer-bytes", \.layerBytes, "The largest layer"),
        NamedLimit("layer-part-bytes", \.layerPartBytes, "The largest part of UploadLayerPart; its model allows 20 MiB at most"),
        NamedLimit("smallest-layer-part-bytes", \.smallestLayerPartBytes, "The smallest part of UploadLayerPart that is not the last"),
        NamedLimit("layer-parts", \.layerParts, "Parts of one upload by UploadLayerPart"),
        NamedLimit("manifest-bytes", \.manifestBytes, "The largest manifest; the model of PutImage allows 4 MiB at most"),
        NamedLimit("repositories", \.repositories, "Repositories in one registry"),
        NamedLimit("images-per-repository", \.imagesPerRepository, "Images in one repository"),
        NamedLimit("tags-per-image", \.tagsPerImage, "Tags on one image"),
        NamedLimit("resource-tags", \.resourceTags, "Resource tags on one repository"),
        NamedLimit("creation-templates", \.creationTemplates, "Repository creation templates in one registry"),
        NamedLimit("pull-time-exclusions", \.pullTimeExclusions, "Principals in one registry whose pulls are not recorded"),
        NamedLimit(
            "lifecycle-policy-characters", \.lifecyclePolicyCharacters, "The longest lifecycle policy; the model allows 30,720 characters at most"),
        NamedLimit("lifecycle-policy-rules", \.lifecyclePolicyRules, "Rules of one lifecycle policy"),
        NamedLimit("bytes-per-repository", \.bytesPerRepository, "What the images of one repository hold, each blob counted once"),
        NamedLimit("bytes-per-account", \.bytesPerAccount, "What all repositories of an account hold together, in all regions"),
        NamedLimit("images-per-account", \.imagesPerAccount, "Images in all repositories of an account"),
        NamedLimit("public-layer-bytes", \.publicLayerBytes, "The largest layer of a public repository"),
        NamedLimit("public-layer-parts", \.publicLayerParts, "Parts of one upload to a public repository by UploadLayerPart"),
        NamedLimit("public-repositories", \.publicRepositories, "Repositories in one public registry"),
        NamedLimit("public-images-per-repository", \.publicImagesPerRepository, "Images in one public repository"),
        NamedLimit("public-tags-per-image", \.publicTagsPerImage, "Tags on one image of a public repository"),
        NamedLimit(
            "public-anonymous-bytes", \.publicAnonymousBytes,
            "What an address may pull of public layers in a month without credentials; 0 for any number"
        ),
        NamedLimit(
            "blob-lease-milliseconds", \.blobLease, in: .milliseconds(1),
            "How long a blob stays that was pushed, found or mounted and that no image names"),
        NamedLimit("event-backlog", \.eventBacklog, "Events that wait for their delivery; beyond it the oldest are dropped"),
        NamedLimit("unclaimed-events", \.unclaimedEvents, "Events that are kept for the first target while none is set"),
        NamedLimit("event-retention-hours", \.eventRetention, in: .seconds(3600), "How long an event waits for its delivery before it is dropped"),
    ]
}
