import Glibc
import Stores

/// A system call that failed.
struct SystemError: Error {
    let call: String
    let code: CInt

    /// The failure of `call` just now: `errno`.
    init(_ call: String) {
        self.call = call
        code = errno
    }

    /// What it means for the object or upload `key`.
    func meaning(for key: ObjectKey) -> BlobStoreError {
        switch code {
        case ENOENT: .missing(key)
        case ENOSPC, EDQUOT: .full
        default: .failed("\(call) of \(key): \(String(cString: strerror(code)))")
        }
    }
}

/// Throws `SystemError` when `result`, of `call`, is negative.
@discardableResult
func check(_ call: String, _ result: CInt) throws -> CInt {
    guard result >= 0 else { throw SystemError(call) }
    return result
}
