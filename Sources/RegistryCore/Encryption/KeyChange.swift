import AWSCore
import OCI
import Stores

/// How a repository is encrypted, and what of it lies under its former key still.
package struct KeyChange: Codable, Hashable, Sendable {
    /// ECR's name of the kind.
    package let encryptionType: String
    /// The ARN of the KMS key; nil without one.
    package let kmsKey: String?
    /// False when nothing is under a former key, and that is gone.
    package let isUnderWay: Bool
    package let uploads: Int64
    package let manifests: Int64
    package let blobs: Int64
    /// Of these blobs, those that are damaged: they cannot be moved before they are pushed again.
    package let damagedBlobs: Int64
    /// The content of these blobs.
    package let bytes: Int64

    /// True when nothing is left to move.
    package var isMoved: Bool { uploads == 0 && manifests == 0 && blobs == 0 }
}

/// That a repository cannot get another key now.
package enum KeyChangeRefusal: Error, Hashable {
    /// It is getting another one: its kind, and the ARN of its KMS key.
    case underWay(String, kmsKey: String?)
    /// The server does not encrypt.
    case notEncrypting
    /// The repository was deleted, or its key was changed by another hand.
    case changedMeanwhile
}

extension Registry {
    /// Puts a repository under another key, or a new one of the same kind: what is pushed from now on is under that, what it has is moved by
    /// `moveContent`. The same again while content is being moved changes nothing. Who may do so was decided before: by the operator, not by policies.
    /// Throws `repositoryNotFound`, `KeyChangeRefusal`, `KeyFailure`.
    package func changeKey(of name: RepositoryName, to request: EncryptionRequest) async throws {
        guard services.encryptsAtRest else { throw KeyChangeRefusal.notEncrypting }
        let id = id
        let repository = try await database.read { try $0.repository(name, in: id) }
        let found = try await findKey(request)
        let encryption = request.encryption(under: found?.arn)
        if repository.former != nil {
            guard repository.encryption == encryption else {
                throw KeyChangeRefusal.underWay(repository.encryption.name, kmsKey: repository.encryption.key)
            }
            return
        }
        // So there is one to move from.
        _ = try await services.key(of: repository)
        let adopted = AdoptedKey(encryption: encryption, grant: try await grant(on: found, for: name))
        try await withAdopted(adopted) {
            let new = Repository(
                rowID: repository.rowID, registry: id, name: name, createdAt: repository.createdAt, mutability: repository.mutability,
                domain: id.domain(of: encryption), encryption: encryption, grant: adopted.grant, keyNumber: repository.keyNumber + 1)
            let sealed = try RepositoryKey.make(for: new, services)
            let isChanged = try await database.write { transaction in
                try transaction.execute(
                    """
                    UPDATE repos SET former_encryption = encryption, former_kms_key = kms_key, former_kms_grant = kms_grant, former_domain = domain,
                        former_sealed_key = sealed_key, encryption = \(encryption.name), kms_key = \(optional: encryption.key),
                        kms_grant = \(optional: adopted.grant), domain = \(new.domain), sealed_key = \(sealed), key_number = \(new.keyNumber)
                    WHERE id = \(new.rowID) AND state = 0 AND key_number = \(repository.keyNumber)
                    """) == 1
            }
            guard isChanged else { throw KeyChangeRefusal.changedMeanwhile }
        }
    }

    /// How a repository is encrypted, and what is left to move. Throws `repositoryNotFound`.
    package func keyChange(of name: RepositoryName) async throws -> KeyChange {
        let id = id
        return try await database.read { try $0.keyChange(of: $0.repository(name, in: id)) }
    }

    /// Destroys the former key of a repository and takes its grant back, once nothing lies under it; what is left. Throws `repositoryNotFound`.
    package func finishKeyChange(of name: RepositoryName) async throws -> KeyChange {
        let id = id
        let left = try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            let left = try transaction.keyChange(of: repository)
            guard let former = repository.former, left.isMoved else { return left }
            try transaction.execute(
                """
                UPDATE repos SET former_encryption = NULL, former_kms_key = NULL, former_kms_grant = NULL, former_domain = NULL,
                    former_sealed_key = NULL
                WHERE id = \(repository.rowID)
                """)
            try transaction.retireGrantLater(of: former)
            return try transaction.keyChange(of: transaction.repository(name, in: id))
        }
        if !left.isUnderWay {
            do {
                _ = try await services.retireFormerGrants(limit: 100)
            } catch {
                services.log.warning("a grant is retired later", metadata: ["error": "\(String(reflecting: error))"])
            }
        }
        return left
    }
}

extension RegistryServices {
    /// How many repositories have content under a former key.
    package func repositoriesChangingKeys() async throws -> Int {
        Int(try await count("SELECT COUNT(*) FROM repos WHERE former_encryption IS NOT NULL AND state = 0"))
    }
}

extension ReadTransaction {
    fileprivate func keyChange(of repository: Repository) throws -> KeyChange {
        func left(_ query: SQL) throws -> Int64 { repository.former == nil ? 0 : try first(query) { $0.integer(0) } ?? 0 }
        let (id, number) = (repository.rowID, repository.keyNumber)
        let held: SQL = "FROM repo_blobs l JOIN blobs b ON b.id = l.blob_id WHERE l.repo_id = \(id) AND l.key_number <> \(number)"
        return KeyChange(
            encryptionType: repository.encryption.name, kmsKey: repository.encryption.key, isUnderWay: repository.former != nil,
            uploads: try left(
                "SELECT COUNT(*) FROM uploads WHERE repo_id = \(id) AND key_number <> \(number) AND state = 0 AND expires_at > \(now)"),
            manifests: try left(
                """
                SELECT COUNT(*) FROM manifests m JOIN manifest_bytes p ON p.manifest_id = m.id
                WHERE m.repo_id = \(id) AND p.sealed <> \(number)
                """),
            blobs: try left("SELECT COUNT(*) \(sql: held)"),
            damagedBlobs: try left("SELECT COUNT(*) \(sql: held) AND b.state IN (1, 2)"),
            bytes: try left("SELECT COALESCE(SUM(b.size), 0) \(sql: held)"))
    }
}
