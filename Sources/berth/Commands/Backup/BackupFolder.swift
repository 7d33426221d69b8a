import FileBlobStore
import Foundation
import Stores
import Synchronization

/// A folder that `berth backup` makes: laid out as a data folder, so that what works on one works on the other.
struct BackupFolder: Hashable, Sendable {
    /// Absolute.
    let path: String

    init(path text: String) { path = DataFolder(path: text).path }

    var database: String { path + "/berth.sqlite" }
    /// What becomes the database when everything is there that it names.
    var unfinishedDatabase: String { database + ".unfinished" }
    var archive: String { path + "/archive" }
    private var rootKey: String { path + "/root.key" }

    /// Makes the folder, for its owner only, unless it is there.
    func create() throws {
        try DataFolder(path: path).create()
        guard !FileManager.default.fileExists(atPath: DataFolder(path: path).lock) else {
            throw Refusal("\(path) is a data folder; choose another for the backup.")
        }
    }

    /// Puts the new database in the place of the last one.
    func complete() throws { try Self.rename(unfinishedDatabase, to: database) }

    /// The objects of the folder that `database` does not name.
    func objectsUnknown(to database: any Database) async throws -> [(key: ObjectKey, isArchived: Bool)] {
        let found = Mutex<[(key: ObjectKey, isArchived: Bool)]>([])
        for (root, isArchived) in [(path, false), (archive, true)] {
            try await FileBlobStore(root: root).list { key, _ in
                if try await !database.names(key) { found.withLock { $0.append((key, isArchived)) } }
            }
        }
        return found.withLock { $0 }
    }

    /// Removes objects.
    func remove(_ objects: [(key: ObjectKey, isArchived: Bool)]) async throws {
        let (standard, archived) = (try FileBlobStore(root: path), try FileBlobStore(root: archive))
        for object in objects { try await (object.isArchived ? archived : standard).delete(object.key) }
    }

    /// Puts a copy of the root key into the folder.
    func keep(rootKey file: String) throws {
        try forgetRootKey()
        try Self.copyFile(file, to: rootKey)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: rootKey)
    }

    /// Puts copies into the folder of what the root key is made with, where there is such: the salt of a passphrase, the key as KMS has sealed it. Without
    /// the passphrase, or KMS, they say nothing.
    func keepRootSources(of data: DataFolder) throws {
        for (file, copy) in rootSources(data) where FileManager.default.fileExists(atPath: file) { try Self.copyFile(file, to: copy) }
    }

    /// Brings them back.
    func bringRootSources(to data: DataFolder) throws {
        for (file, copy) in rootSources(data) where FileManager.default.fileExists(atPath: copy) { try Self.copyFile(copy, to: file) }
    }

    private func rootSources(_ data: DataFolder) -> [(file: String, copy: String)] {
        let own = DataFolder(path: path)
        return [(data.rootSalt, own.rootSalt), (data.rootCiphertext, own.rootCiphertext)]
    }

    /// Removes a root key that an earlier backup put here.
    func forgetRootKey() throws {
        if FileManager.default.fileExists(atPath: rootKey) { try FileManager.default.removeItem(atPath: rootKey) }
    }

    /// Sees to it that the root key is at `file`. Throws `Refusal` when it is neither there nor here.
    func bringRootKey(to file: String) throws {
        guard !FileManager.default.fileExists(atPath: file) else { return }
        guard FileManager.default.fileExists(atPath: rootKey) else {
            throw Refusal(
                "The root key is not part of this backup, and nothing in it can be used without: put your copy of the key at \(file), or name it with --root-key."
            )
        }
        try Self.copyFile(rootKey, to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file)
    }

    /// Copies a file for its owner only; one at `target` is replaced.
    static func copyFile(_ source: String, to target: String) throws {
        do {
            if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
            try FileManager.default.copyItem(atPath: source, toPath: target)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target)
        } catch {
            throw Refusal("\(source) cannot be copied to \(target): \(error.localizedDescription)")
        }
    }

    /// Renames durably; what was at `target` is replaced.
    static func rename(_ source: String, to target: String) throws {
        let folder = open((target as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Refusal("\(target) cannot be written: \(String(cString: strerror(errno)))") }
        defer { close(folder) }
        guard Foundation.rename(source, target) == 0, fsync(folder) == 0 else {
            throw Refusal("\(target) cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
