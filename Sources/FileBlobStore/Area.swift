import Stores
import Synchronization

/// One of the two trees of a store. The file of a key lies at the key's own path under it.
final class Area: Sendable {
    private let root: Folder
    /// Folders whose names are known to be durable. Others may have been made just before a power cut by a process that is
    /// gone, or right now by another thread that has not synchronized yet.
    private let durable = Mutex<Set<Substring>>([])
    /// Folders of which the removal of files may not be durable: who tries again finds nothing there to remove.
    private let unsynchronized = Mutex<Set<Substring>>([])

    /// Opens the tree `name` in `folder`, making it when absent.
    init(_ name: String, in folder: borrowing Folder) throws {
        try folder.makeFolder(name)
        try folder.synchronize()
        root = try Folder(name, in: folder)
    }

    /// Makes folders of the tree ahead of the keys that will lie in them, and their names durable. Blocks.
    func makeFolders(_ names: [String]) throws {
        for name in names { try root.makeFolder(name) }
        try root.synchronize()
        durable.withLock { $0.formUnion(names.map { $0[...] }) }
    }

    /// Calls `body` with the folder that holds the file of `key`, and its name in it.
    func withFile<Value>(of key: ObjectKey, _ body: (borrowing Folder, String) throws -> Value) throws -> Value {
        let path = key.description[...]
        return try withFolder(path, from: path.startIndex, in: root, creating: false, body)
    }

    /// As `withFile`, after making the folders on the way and their names durable.
    func withNewFile<Value>(of key: ObjectKey, _ body: (borrowing Folder, String) throws -> Value) throws -> Value {
        let path = key.description[...]
        return try withFolder(path, from: path.startIndex, in: root, creating: true, body)
    }

    /// Removes the files of these keys that are there. Durable, so that what the database no longer names does not come back after a power cut; each
    /// folder is synchronized once, after all are gone, when a file system with a journal has nothing left to do but for the first.
    func remove(_ keys: [ObjectKey]) throws {
        var (changed, failure): ([ObjectKey], (any Error)?) = ([], nil)
        for (folder, keys) in Dictionary(grouping: keys, by: \.folder) {
            var isChanged = unsynchronized.withLock { $0.remove(folder) } != nil
            do {
                _ = try orNilIfAbsent {
                    try withFile(of: keys[0]) { folder, _ in
                        for key in keys { if try orNilIfAbsent({ try folder.remove(key.name) }) != nil { isChanged = true } }
                    }
                }
            } catch {
                failure = error
            }
            if isChanged { changed.append(keys[0]) }
        }
        for key in changed {
            do {
                _ = try orNilIfAbsent { try withFile(of: key) { folder, _ in try folder.synchronize() } }
            } catch {
                unsynchronized.withLock { _ = $0.insert(key.folder) }
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// A walk over all files of the tree.
    func walk() throws -> FolderWalk { try FolderWalk(root) }

    private func withFolder<Value>(
        _ path: Substring, from start: String.Index, in folder: borrowing Folder, creating: Bool,
        _ body: (borrowing Folder, String) throws -> Value
    ) throws -> Value {
        guard let slash = path[start...].utf8.firstIndex(of: UInt8(ascii: "/")) else { return try body(folder, String(path[start...])) }
        let name = String(path[start..<slash])
        if creating, !durable.withLock({ $0.contains(path[..<slash]) }) {
            try folder.makeFolder(name)
            try folder.synchronize()
            durable.withLock { _ = $0.insert(path[..<slash]) }
        }
        let next = try Folder(name, in: folder)
        return try withFolder(path, from: path.utf8.index(after: slash), in: next, creating: creating, body)
    }
}

extension ObjectKey {
    /// The path of the folder that its file lies in; empty for the root.
    fileprivate var folder: Substring { description.lastIndex(of: "/").map { description[..<$0] } ?? "" }

    /// The name of its file in that folder.
    fileprivate var name: String { String(description.dropFirst(folder.isEmpty ? 0 : folder.count + 1)) }
}
