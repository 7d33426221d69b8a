import AWSCore
import OCI
import Stores

extension RegistryServices {
    /// Evaluates policies that are due, and previews, by up to `pages` transactions. Returns how many there were.
    package func sweepLifecycles(pages: Int) async throws -> Int {
        try await startDueSweeps(limit: 100)
        var done = 0
        for id in try await database.read({ try $0.openSweeps(limit: 100) }) {
            while done < pages {
                done += 1
                if try await sweepPage(id)?.isComplete != false { break }
            }
        }
        return done
    }

    /// Begins the sweeps of up to `limit` policies whose time has come; the next comes a day later, or when the repository changes.
    private func startDueSweeps(limit: Int) async throws {
        let isDue = try await database.read { try !$0.duePolicies(limit: 1).isEmpty }
        guard isDue else { return }
        try await database.write { transaction in
            for id in try transaction.duePolicies(limit: limit) { try transaction.startPolicySweep(of: id) }
        }
    }

    /// The repositories with a policy, at most `limit`, in an order of their own behind `last`; with what continues the list.
    package func repositoriesWithLifecyclePolicy(
        after last: Int64, limit: Int
    ) async throws -> [(rowID: Int64, registry: RegistryID, name: RepositoryName)] {
        try await database.read { transaction in
            try transaction.rows("SELECT repo_id FROM lifecycle_policies WHERE repo_id > \(last) ORDER BY repo_id LIMIT \(limit)") { $0.integer(0) }
                .compactMap { id in try transaction.repository(rowID: id).map { (id, $0.registry, $0.name) } }
        }
    }
}

extension Registry {
    /// Begins to carry out the policy of a repository now. Throws `repositoryNotFound`, `lifecyclePolicyNotFound`.
    package func startLifecycle(of name: RepositoryName) async throws {
        let id = id
        try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            _ = try transaction.lifecyclePolicy(of: repository)
            try transaction.startPolicySweep(of: repository.rowID)
        }
    }

    /// Takes the policy's evaluation of a repository, or the preview, a step further: `pages` pages at most. Nil when there is none.
    /// Throws `repositoryNotFound`.
    package func advanceLifecycle(of name: RepositoryName, preview: Bool, pages: Int) async throws -> LifecycleProgress? {
        let repository = try await repository(name)
        let id = LifecycleSweep.ID(repositoryID: repository.rowID, kind: preview ? .preview : .policy)
        var progress: LifecycleProgress?
        for _ in 0..<pages {
            progress = try await services.sweepPage(id)
            if progress?.isComplete != false { break }
        }
        return progress
    }
}

extension ReadTransaction {
    /// The repositories of up to `limit` policies whose time has come, the most urgent first.
    fileprivate func duePolicies(limit: Int) throws -> [Int64] {
        try rows("SELECT repo_id FROM lifecycle_policies WHERE due_at <= \(now) ORDER BY due_at, repo_id LIMIT \(limit)") { $0.integer(0) }
    }
}

extension WriteTransaction {
    fileprivate func startPolicySweep(of repositoryID: Int64) throws {
        let text = try first(
            "UPDATE lifecycle_policies SET due_at = \(now + .seconds(24 * 3600)) WHERE repo_id = \(repositoryID) RETURNING text"
        ) { $0.text(0) }
        guard let text else { return }
        try startSweep(LifecycleSweep.ID(repositoryID: repositoryID, kind: .policy), of: text)
    }
}
