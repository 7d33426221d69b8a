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

    /// Puts the new database in the place of the last one, and with it what was prepared of the root key; what was not, there is no more.
    func complete() throws {
        try Self.rename(unfinishedDatabase, to: database)
        for copy in [rootKey] + rootSources(DataFolder(path: path)).map(\.copy) {
            if FileManager.default.fileExists(atPath: Self.unfinished(copy)) {
                try Self.rename(Self.unfinished(copy), to: copy)
            } else if FileManager.default.fileExists(atPath: copy) {
                try Self.remove(copy)
            }
        }
    }

    private static func unfinished(_ file: String) -> String { file + ".unfinished" }

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

    /// Prepares what the backup has of the root key when it is complete: a copy of `file`, or nothing, and copies of what the key of `data` is made with,
    /// where there is such: the salt of a passphrase, the key as KMS has sealed it. Without the passphrase, or KMS, these say nothing. The last backup
    /// keeps its own until then.
    func prepare(rootKey file: String?, of data: DataFolder) throws {
        for (file, copy) in [(file, rootKey)] + rootSources(data).map({ (Optional($0.file), $0.copy) }) {
            let unfinished = Self.unfinished(copy)
            if FileManager.default.fileExists(atPath: unfinished) { try FileManager.default.removeItem(atPath: unfinished) }
            guard let file, FileManager.default.fileExists(atPath: file) else { continue }
            try Self.copyFile(file, to: unfinished, permissions: copy == rootKey ? 0o400 : 0o600)
        }
    }

    /// Brings back what the root key is made with.
    func bringRootSources(to data: DataFolder) throws {
        for (file, copy) in rootSources(data) { if let copy = Self.kept(copy) { try Self.copyFile(copy, to: file) } }
    }

    /// Where the backup has `file`; nil when it has not. A backup that was cut off right after its database had come has it under the other name.
    private static func kept(_ file: String) -> String? {
        [file, unfinished(file)].first { FileManager.default.fileExists(atPath: $0) }
    }

    private func rootSources(_ data: DataFolder) -> [(file: String, copy: String)] {
        let own = DataFolder(path: path)
        return [(data.rootSalt, own.rootSalt), (data.rootCiphertext, own.rootCiphertext)]
    }

    /// Sees to it that the root key is at `file`. Throws `Refusal` when it is neither there nor here.
    func bringRootKey(to file: String) throws {
        guard !FileManager.default.fileExists(atPath: file) else { return }
        guard let rootKey = Self.kept(rootKey) else {
            throw Refusal(
                "The root key is not part of this backup, and nothing in it can be used without: put your copy of the key at \(file), or name it with --root-key."
            )
        }
        try Self.copyFile(rootKey, to: file, permissions: 0o400)
    }

    /// Copies a file durably, for its owner only; one at `target` is replaced, and stays as it is when the copy fails.
    static func copyFile(_ source: String, to target: String, permissions: Int = 0o600) throws {
        let copy = target + ".copy"
        do {
            if FileManager.default.fileExists(atPath: copy) { try FileManager.default.removeItem(atPath: copy) }
            try FileManager.default.copyItem(atPath: source, toPath: copy)
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: copy)
            try synchronize(copy, O_RDONLY)
        } catch let error as Refusal {
            throw error
        } catch {
            throw Refusal("\(source) cannot be copied to \(target): \(error.localizedDescription)")
        }
        try rename(copy, to: target)
    }

    /// Renames durably; what was at `target` is replaced.
    static func rename(_ source: String, to target: String) throws {
        guard Foundation.rename(source, target) == 0 else { throw Refusal("\(target) cannot be written: \(String(cString: strerror(errno)))") }
        try synchronize((target as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY)
    }

    /// Removes a file durably.
    private static func remove(_ file: String) throws {
        try FileManager.default.removeItem(atPath: file)
        try synchronize((file as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY)
    }

    private static func synchronize(_ path: String, _ flags: Int32) throws {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw Refusal("\(path) cannot be written: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Refusal("\(path) cannot be written: \(String(cString: strerror(errno)))") }
    }
}
