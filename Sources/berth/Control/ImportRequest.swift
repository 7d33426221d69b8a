/// What `berth import` asks of who has the data folder open; each is answered by JSON.
enum ImportRequest: Codable, Equatable, Sendable {
    /// Makes the repository with these settings, unless it is there: `ImportAnswer.Beginning`.
    case begin(RepositoryPlace, RepositoryRecord.Settings?)
    /// Puts an image of the layout into the repository, with these tags: `ImportAnswer.Image`.
    case image(RepositoryPlace, digest: String, mediaType: String, tags: [String], LayoutFolder)
    /// Puts a layer or a configuration of the layout into the repository, unless it is there.
    case layer(RepositoryPlace, digest: String, LayoutFolder)
    /// Puts an image into the archive, unless it is there.
    case archive(RepositoryPlace, digest: String)
    /// When all images are there: the lifecycle policy where the repository has none, or, when `replacing`, all settings.
    case end(RepositoryPlace, RepositoryRecord.Settings, replacing: Bool)
}

/// What comes back.
enum ImportAnswer {
    struct Beginning: Codable, Sendable {
        let isNew: Bool
    }

    struct Image: Codable, Sendable {
        /// False when it was there with all its tags.
        let isNew: Bool
        /// Layers that have to come first, some of them; nothing was done then.
        let missing: [String]
    }
}
