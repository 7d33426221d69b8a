import AWSCore
import OCI
import Stores

extension Registry {
    /// A token for a URL that gives one layer to whoever holds it, for `Limits.downloadLink`; unforgeable, URL-safe.
    /// Throws `repositoryNotFound`, `layerNotFound`, `layerArchived`, `layerInaccessible`.
    package func downloadToken(for digest: Digest, in name: RepositoryName) async throws -> String {
        let id = id
        let (repository, expires) = try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            guard let record = try transaction.layer(digest, in: repository) else {
                if try transaction.isArchived(digest, in: repository) { throw RegistryError.layerArchived(digest) }
                throw RegistryError.layerNotFound(digest, name, registry: id)
            }
            guard try transaction.isReferenced(record.blobID, in: repository) else { throw RegistryError.layerInaccessible(digest) }
            return (repository, transaction.now)
        }
        try await services.requireUsableKey(of: repository)
        let link = DownloadLink(registry: id, repository: name, digest: digest, expires: expires + limits.downloadLink)
        return try services.keys.seal(link.bytes, for: DownloadLink.purpose).lowercaseHex
    }
}

extension RegistryServices {
    /// Opens the layer that a download token names; nil when the token is forged, expired, or its layer is gone.
    package func openDownload(_ token: String) async throws -> OpenLayer? {
        guard let sealed = [UInt8](lowercaseHex: Array(token.utf8)) else { return nil }
        do {
            guard let link = DownloadLink(try keys.unseal(sealed, for: DownloadLink.purpose)), clock.now < link.expires else { return nil }
            return try await registry(link.registry).openLayer(link.digest, in: link.repository)
        } catch is SealError {
            return nil
        } catch RegistryError.layerNotFound, RegistryError.repositoryNotFound {
            return nil
        }
    }
}

/// What a download token says, sealed.
private struct DownloadLink {
    static let purpose = "layer-download"

    let registry: RegistryID
    let repository: RepositoryName
    let digest: Digest
    let expires: Timestamp

    init(registry: RegistryID, repository: RepositoryName, digest: Digest, expires: Timestamp) {
        self.registry = registry
        self.repository = repository
        self.digest = digest
        self.expires = expires
    }

    var bytes: [UInt8] {
        Array("1 \(registry.account) \(registry.region) \(repository) \(digest) \(expires.milliseconds)".utf8)
    }

    init?(_ bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "1", let account = AccountID(parts[1]), let region = Region(parts[2]),
            let repository = RepositoryName(parts[3]), let digest = Digest(parts[4]), let expires = Int64(parts[5])
        else { return nil }
        self.init(
            registry: RegistryID(account: account, region: region), repository: repository, digest: digest, expires: Timestamp(milliseconds: expires))
    }
}
