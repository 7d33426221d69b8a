import Crypto
import CryptoExtras
import Stores

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Seals with keys derived from one root secret, which lies in a file that only the server's user can read.
///
/// A sealed secret is a format byte, a nonce, the ciphertext and its tag, by AES-256-GCM under a key that HKDF-SHA256
/// derives for the purpose; format and purpose are authenticated too.
package struct RootKeyFile: KeyProvider {
    /// Of the secret, in bytes.
    static let length = 32

    private static let format: UInt8 = 1
    private let root: SymmetricKey

    /// Reads the root key at `path`, or makes one when there is none and `mayCreate` says that nothing was sealed yet.
    /// Calls `warn` with a sentence when others can read the file. Blocks. Throws `RootKeyError`.
    package init(path: String, mayCreate: Bool, warn: (String) -> Void) throws(RootKeyError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file >= 0 {
            defer { close(file) }
            root = try Self.read(file, path, warn: warn)
        } else {
            guard errno == ENOENT else { throw .system(path) }
            guard mayCreate else { throw .missing(path: path) }
            root = SymmetricKey(size: .bits256)
            try Self.write(root.withUnsafeBytes { Array($0) }, to: path)
        }
    }

    /// The root key that `passphrase` gives with the salt in the file `salt`, which is made when there is none and `mayCreate` says that nothing was
    /// sealed yet: scrypt (RFC 7914) with N = 2¹⁷, r = 8, p = 1, which takes some tenths of a second and 128 MiB. Blocks. Throws `RootKeyError`.
    package init(passphrase: [UInt8], salt path: String, mayCreate: Bool) throws(RootKeyError) {
        let salt: SymmetricKey
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file >= 0 {
            defer { close(file) }
            salt = try Self.read(file, path) { _ in }
        } else {
            guard errno == ENOENT else { throw .system(path) }
            guard mayCreate else { throw .missing(path: path) }
            salt = SymmetricKey(size: .bits256)
            try Self.write(salt.withUnsafeBytes { Array($0) }, to: path)
        }
        do {
            root = try KDF.Scrypt.deriveKey(
                from: passphrase, salt: salt.withUnsafeBytes { Array($0) }, outputByteCount: Self.length, rounds: 1 << 17, blockSize: 8,
                parallelism: 1)
        } catch {
            throw .failed(path: path, "scrypt: \(error)")
        }
    }

    /// The root key that was opened by others from the file `path`. Throws `RootKeyError` for one that is none.
    package init(secret: [UInt8], from path: String) throws(RootKeyError) {
        guard secret.count == Self.length else { throw .malformed(path: path, size: secret.count) }
        root = SymmetricKey(data: secret)
    }

    package func seal(_ plaintext: [UInt8], for purpose: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(plaintext, using: key(for: purpose), authenticating: Self.context(of: purpose))
        var sealed = [Self.format]
        sealed.reserveCapacity(plaintext.count + 29)
        sealed += box.nonce
        sealed += box.ciphertext
        sealed += box.tag
        return sealed
    }

    package func unseal(_ sealed: [UInt8], for purpose: String) throws -> [UInt8] {
        guard sealed.first == Self.format else { throw SealError() }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            return Array(try AES.GCM.open(box, using: key(for: purpose), authenticating: Self.context(of: purpose)))
        } catch {
            throw SealError()
        }
    }

    private func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: root, salt: Array("berth root key".utf8), info: Array(purpose.utf8), outputByteCount: Self.length)
    }

    private static func context(of purpose: String) -> [UInt8] { [format] + purpose.utf8 }

    private static func read(_ file: CInt, _ path: String, warn: (String) -> Void) throws(RootKeyError) -> SymmetricKey {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .system(path) }
        if status.st_mode & 0o077 != 0 {
            warn("The root key \(path) can be read by others than its owner. Run: chmod 400 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: length + 1)
        let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw .system(path) }
        guard count == length else { throw .malformed(path: path, size: Int(status.st_size)) }
        return SymmetricKey(data: bytes[..<length])
    }

    /// Makes a file for its owner only, durable under a name of its own before it gets its name, so that there is never half a key. Blocks.
    package static func write(_ bytes: [UInt8], to path: String) throws(RootKeyError) {
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o400)
        guard file >= 0 else { throw .system(path) }
        defer { close(file) }
        let written = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
        guard written == bytes.count, fsync(file) == 0, rename(draft, path) == 0 else { throw .system(path) }

        let slash = path.lastIndex(of: "/")
        let folder = open(slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .system(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .system(path) }
    }
}

extension RootKeyError {
    /// What the last system call says.
    fileprivate static func system(_ path: String) -> RootKeyError { .failed(path: path, String(cString: strerror(errno))) }
}
