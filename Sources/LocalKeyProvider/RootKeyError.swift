/// Why the root key cannot be used; the description says what to do.
package enum RootKeyError: Error, Hashable, CustomStringConvertible {
    /// There is no file although there are data that it sealed.
    case missing(path: String)
    /// The file does not hold 32 bytes.
    case malformed(path: String, size: Int)
    /// The system refused; the text is its own.
    case failed(path: String, String)

    package var description: String {
        switch self {
        case .missing(let path):
            "The root key \(path) is missing, and what is in the database was sealed with it. Put the file back from your copy of it; "
                + "without it the access keys are lost."
        case .malformed(let path, let size):
            "The root key \(path) has \(size) bytes where there must be \(RootKeyFile.length). Put the file back from your copy of it."
        case .failed(let path, let text):
            "The root key \(path) cannot be used: \(text)."
        }
    }
}
