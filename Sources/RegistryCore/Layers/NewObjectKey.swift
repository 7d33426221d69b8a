import OCI
import Stores

extension ObjectKey {
    /// The folders in which the keys of new objects lie: by their first two digits, `00` to `ff`.
    package static let folders = (UInt8.min...UInt8.max).map { [$0].lowercaseHex }
}

extension RegistryServices {
    /// A name that no object had.
    func newObjectKey() -> ObjectKey {
        let name = ids.randomBytes(16).lowercaseHex
        guard let key = ObjectKey("\(name.prefix(2))/\(name)") else { preconditionFailure("hexadecimal digits make a key") }
        return key
    }
}
