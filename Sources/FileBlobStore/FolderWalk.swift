import Glibc
import Stores
import Synchronization

/// A walk over the files of a tree, some at a time; it holds one open directory for each level and no list of names.
final class FolderWalk: Sendable {
    private let levels: Mutex<Levels>

    init(_ folder: borrowing Folder) throws {
        levels = Mutex(Levels())
        let descriptor = folder.descriptor
        try levels.withLock { try $0.descend(to: ".", of: descriptor, prefix: "") }
    }

    deinit { levels.withLock { $0.closeAll() } }

    /// Up to `limit` more files with their sizes; none at the end. Names that are no keys are not this store's.
    func next(_ limit: Int) throws -> [(ObjectKey, Int64)] {
        try levels.withLock { levels in
            var files: [(ObjectKey, Int64)] = []
            while files.count < limit, let found = try levels.next() {
                if let file = found { files.append(file) }
            }
            return files
        }
    }
}

/// The directories between the root of a walk and where it stands.
private struct Levels {
    private struct Level {
        let stream: OpaquePointer
        /// The path of its files, up to and with the last slash.
        let prefix: String
    }

    private var open: [Level] = []

    /// Takes one step: a file, nothing of interest (`.some(nil)`), or the end (nil).
    mutating func next() throws -> (ObjectKey, Int64)?? {
        guard let level = open.last else { return nil }
        errno = 0
        guard let entry = readdir(level.stream) else {
            guard errno == 0 else { throw SystemError("readdir") }
            closedir(level.stream)
            open.removeLast()
            return .some(nil)
        }
        let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) { String(cString: $0) }
        }
        guard let key = ObjectKey(level.prefix + name) else { return .some(nil) }
        var status = stat()
        guard fstatat(dirfd(level.stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            guard errno == ENOENT else { throw SystemError("stat") }
            return .some(nil)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return (key, Int64(status.st_size))
        case S_IFDIR: try descend(to: name, of: dirfd(level.stream), prefix: level.prefix + name + "/")
        default: break
        }
        return .some(nil)
    }

    mutating func descend(to name: String, of folder: CInt, prefix: String) throws {
        let descriptor = try check("open", openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
        guard let stream = fdopendir(descriptor) else {
            defer { close(descriptor) }
            throw SystemError("opendir")
        }
        open.append(Level(stream: stream, prefix: prefix))
    }

    mutating func closeAll() {
        for level in open { closedir(level.stream) }
        open = []
    }
}
