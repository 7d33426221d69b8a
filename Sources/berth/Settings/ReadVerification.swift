import RegistryCore

/// When a whole blob is hashed while it is read.
enum ReadVerification: String, Sendable {
    case always, hourly, never

    /// As `Limits.verificationLife`.
    var life: Duration? {
        switch self {
        case .always: .zero
        case .hourly: .seconds(3600)
        case .never: nil
        }
    }
}
