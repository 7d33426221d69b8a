import AWSCore
import KMS
import Stores

/// Lists the versions of a key's material that rotations made, the newest first.
struct ListKeyRotations: KMSOperation {
    let keyId: KeyID
    let includeKeyMaterial: IncludeKeyMaterial?
    let limit: Limit?
    let marker: Marker?

    func run(_ call: KMSCall) async throws -> ListOutput<RotationShape> {
        let most = try limit.checked(most: 1000, otherwise: 100)
        let key = try await call.key(keyId).key
        let start = try call.markers.cursor(of: marker?.value, of: key.id)
        let all = try await call.ring.materials(of: key).filter { includeKeyMaterial == .all || $0.origin != .first }
        let rest = all.drop { start != nil && $0.id != start }.dropFirst(start == nil ? 0 : 1)
        let page = Page(Array(rest.prefix(most + 1)), limit: most) { $0.id }
        return ListOutput(
            name: "Rotations", elements: page.elements.map { RotationShape(key: key, material: $0) },
            marker: try call.markers.token(after: page.next, of: key.id))
    }
}

/// The model's RotationsListEntry.
struct RotationShape: JSONObject {
    let key: Key
    let material: KeyMaterial

    func members(_ json: inout JSONWriter) {
        json.member("KeyId", key.id)
        json.member("KeyMaterialId", material.id)
        json.member("KeyMaterialState", material.id == key.material ? "CURRENT" : "NON_CURRENT")
        guard material.origin != .first else { return }
        json.member("RotationDate", milliseconds: material.createdAt.milliseconds)
        json.member("RotationType", material.origin.rawValue)
    }
}
