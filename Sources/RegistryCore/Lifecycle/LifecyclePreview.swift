import Lifecycle
import OCI
import Stores

/// What a policy would do, as it was when the preview was started.
package struct LifecyclePreview: Sendable {
    package enum Status: String, Sendable {
        case inProgress = "IN_PROGRESS"
        case complete = "COMPLETE"
        /// Older than a day: start another.
        case expired = "EXPIRED"
    }

    /// An image that the policy takes.
    package struct Result: Hashable, Sendable {
        package let image: ImageDetail
        package let action: LifecycleRule.Action
        /// Nil of an image that goes to the archive because an index did before.
        package let rule: Int?
        /// Where the result stands among all.
        package let position: Int64
    }

    /// The policy.
    package let text: String
    package let status: Status
    package let results: Page<Result, Int64>
    /// How many images expire, and how many go to the archive.
    package let expiring: Int64
    package let archiving: Int64
}

extension Registry {
    /// Begins to find out what `text`, or without it the repository's own policy, would do; returns the policy. Throws
    /// `LifecyclePolicyFault`, `repositoryNotFound`, `lifecyclePolicyNotFound`, `lifecyclePreviewInProgress`.
    package func startLifecyclePreview(of text: String?, in name: RepositoryName) async throws -> String {
        let id = id
        if let text { try limits.check(lifecyclePolicy: text) }
        return try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            let text = try text ?? transaction.lifecyclePolicy(of: repository).text
            let preview = LifecycleSweep.ID(repositoryID: repository.rowID, kind: .preview)
            if let earlier = try transaction.sweep(preview), earlier.state != .complete {
                throw RegistryError.lifecyclePreviewInProgress(name, registry: id)
            }
            try transaction.startSweep(preview, of: text)
            return text
        }
    }

    /// What the preview has found: results behind `position` whose images have this tag status, at most `limit`. While it is under way
    /// there are none. Throws `repositoryNotFound`, `lifecyclePreviewNotFound`.
    package func lifecyclePreview(
        in name: RepositoryName, _ tags: TagStatus, after position: Int64, limit: Int
    ) async throws -> LifecyclePreview {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let sweep = try transaction.preview(of: repository)
            let found =
                try sweep.status(at: transaction.now) == .complete
                ? transaction.results(of: sweep.id, in: repository, tags, after: position, limit: limit + 1) : []
            return LifecyclePreview(sweep, at: transaction.now, Page(found, limit: limit) { $0.position })
        }
    }

    /// As above for these images: those that the policy takes, in the order of `identifiers`.
    package func lifecyclePreview(in name: RepositoryName, of identifiers: [ImageIdentifier]) async throws -> LifecyclePreview {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let sweep = try transaction.preview(of: repository)
            guard sweep.status(at: transaction.now) == .complete else {
                return LifecyclePreview(sweep, at: transaction.now, Page(elements: [], next: nil))
            }
            var seen: Set<Int64> = []
            let found = try identifiers.compactMap { identifier in
                try transaction.image(identifier, in: repository).flatMap { image in
                    seen.insert(image.rowID).inserted ? try transaction.result(of: image, by: sweep.id, in: repository) : nil
                }
            }
            return LifecyclePreview(sweep, at: transaction.now, Page(elements: found, next: nil))
        }
    }
}

extension LifecyclePreview {
    fileprivate init(_ sweep: LifecycleSweep, at now: Timestamp, _ results: Page<Result, Int64>) {
        self.init(text: sweep.text, status: sweep.status(at: now), results: results, expiring: sweep.expiring, archiving: sweep.archiving)
    }
}

extension LifecycleSweep {
    fileprivate func status(at now: Timestamp) -> LifecyclePreview.Status {
        guard state == .complete else { return .inProgress }
        return now < startedAt + .seconds(24 * 3600) ? .complete : .expired
    }
}

extension ReadTransaction {
    /// The preview of a repository. Throws `lifecyclePreviewNotFound`.
    func preview(of repository: Repository) throws -> LifecycleSweep {
        guard let sweep = try sweep(LifecycleSweep.ID(repositoryID: repository.rowID, kind: .preview)) else {
            throw RegistryError.lifecyclePreviewNotFound(repository.name, registry: repository.registry)
        }
        return sweep
    }

    fileprivate func results(
        of id: LifecycleSweep.ID, in repository: Repository, _ tags: TagStatus, after position: Int64, limit: Int
    ) throws -> [LifecyclePreview.Result] {
        var taken: [(image: ImageRecord, mark: LifecycleMark)] = []
        var position = position
        while taken.count < limit {
            let marks = try marks(of: id, after: position, limit: limit)
            guard let last = marks.last else { break }
            for mark in marks where taken.count < limit {
                // What was deleted since is no result any more.
                guard let image = try image(rowID: mark.imageID, in: repository), tags.includes(image.tagCount) else { continue }
                taken.append((image, mark))
            }
            position = last.position
        }
        return zip(try details(of: taken.map(\.image), in: repository), taken).map { LifecyclePreview.Result(image: $0, $1.mark) }
    }

    fileprivate func result(of image: ImageRecord, by id: LifecycleSweep.ID, in repository: Repository) throws -> LifecyclePreview.Result? {
        try mark(of: id, on: image.rowID).map { LifecyclePreview.Result(image: try detail(of: image, in: repository), $0) }
    }
}

extension LifecyclePreview.Result {
    fileprivate init(image: ImageDetail, _ mark: LifecycleMark) {
        self.init(image: image, action: mark.action, rule: mark.rule, position: mark.position)
    }
}
