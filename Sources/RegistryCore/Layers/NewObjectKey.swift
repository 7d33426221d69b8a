import OCI
import Stores

extension RegistryServices {
    /// A name that no object had.
    func newObjectKey() -> ObjectKey {
        let name = ids.randomBytes(16).lowercaseHex
        guard let key = ObjectKey("\(name.prefix(2))/\(name)") else { preconditionFailure("hexadecimal digits make a key") }
        return key
    }
}
