import CFileSystem
import Glibc

/// An open directory, closed when it goes. Names in it are single path components; a link is never followed.
struct Folder: ~Copyable {
    let descriptor: CInt

    /// Opens the directory at `path`, which may lead through links: it is the operator's word.
    init(path: String) throws {
        descriptor = try check("open", open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    /// Opens the directory `name` in `folder`.
    init(_ name: String, in folder: borrowing Folder) throws {
        descriptor = try check("open", openat(folder.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
    }

    deinit { close(descriptor) }

    /// Makes the directory `name` unless it is there.
    func makeFolder(_ name: String) throws {
        guard mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else { throw SystemError("mkdir") }
    }

    /// Makes the names in this directory durable.
    func synchronize() throws {
        try check("fsync", fsync(descriptor))
    }

    /// Opens the file `name`; the caller closes it.
    func openFile(_ name: String, _ flags: CInt) throws -> CInt {
        // O_NONBLOCK: a FIFO under this name must not hold the thread.
        try check("open", openat(descriptor, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600))
    }

    /// The size of the file `name`, in bytes.
    func size(of name: String) throws -> Int64 {
        var status = stat()
        try check("stat", fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW))
        guard status.st_mode & S_IFMT == S_IFREG else {
            errno = ENOENT
            throw SystemError("stat")
        }
        return Int64(status.st_size)
    }

    /// Moves the file `name` to `newName` in `folder`, which must not exist.
    func move(_ name: String, to newName: String, in folder: borrowing Folder) throws {
        try check("rename", rename_new(descriptor, name, folder.descriptor, newName))
    }

    /// Removes the file `name`. Throws when it is absent.
    func remove(_ name: String) throws {
        try check("unlink", unlinkat(descriptor, name, 0))
    }
}

/// The size of an open regular file, in bytes.
func fileSize(_ descriptor: CInt) throws -> Int64 {
    var status = stat()
    try check("stat", fstat(descriptor, &status))
    guard status.st_mode & S_IFMT == S_IFREG else {
        errno = EINVAL
        throw SystemError("open")
    }
    return Int64(status.st_size)
}
