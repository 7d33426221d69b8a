import OCI
import SealedObjects
import Stores

extension RegistryServices {
    /// Gives a blob a new object under fresh data keys; one that is plain is encrypted by it. `pace` gets the size of each piece that was read, and may
    /// wait. False when there is nothing to do: the blob changed meanwhile, nobody holds it, or it is damaged, which the scrub sees to.
    func reseal(_ blob: CheckedBlob, pace: (Int64) async throws -> Void) async throws -> Bool {
        guard let source = blob.key, let holder = try await database.read({ try $0.holders(of: blob.rowID) }).first else { return false }
        let keys = try await key(of: holder.repository).newDataKeys(ids)
        guard let form = try await copyObject(of: blob, under: keys, in: blob.domain, pace: pace) else { return false }
        let isDone = try await replaceObject(of: blob, by: form) { transaction in
            try transaction.keepCopy(form.key, insteadOf: source)
        }
        if !isDone { try await abandonCopy(form.key) }
        return isDone
    }
}
