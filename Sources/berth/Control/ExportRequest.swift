import RegistryCore

/// What `berth export` asks of who has the data folder open; each is answered by JSON.
enum ExportRequest: Codable, Equatable, Sendable {
    /// Names of repositories that begin with that of the place, from one on: `ExportAnswer.Names`.
    case names(RepositoryPlace, after: String?)
    /// What the repository holds, and its settings: `ExportAnswer.Beginning`.
    case begin(RepositoryPlace)
    /// Its images from a place on, the oldest first: `ExportAnswer.Images`.
    case images(RepositoryPlace, after: PushOrderCursor?)
    /// Puts a manifest into the layout: `ExportAnswer.Written`.
    case manifest(RepositoryPlace, digest: String, LayoutFolder)
    /// Puts a layer or a configuration into the layout: `ExportAnswer.Written`.
    case layer(RepositoryPlace, digest: String, LayoutFolder)
}

/// What comes back.
enum ExportAnswer {
    struct Names: Codable, Sendable {
        let names: [String]
        /// Where to go on; nil at the end.
        let next: String?
    }

    struct Beginning: Codable, Sendable {
        let images: Int64
        let bytes: Int64
        let settings: RepositoryRecord.Settings
    }

    struct Images: Codable, Sendable {
        let images: [Image]
        /// Where to go on; nil at the end.
        let next: PushOrderCursor?
    }

    struct Image: Codable, Sendable {
        let digest: String
        let mediaType: String
        let size: Int64
        let tags: [String]
        let isArchived: Bool
        /// Whether an index of the repository lists it.
        let isMember: Bool
    }

    struct Written: Codable, Sendable {
        /// Why it was not written; nil when it was.
        let problem: String?
    }
}
