import Stores

extension KMSServices {
    /// Seals the material of all KMS keys anew where there is a newer key to seal it under; how much there was.
    package func rewrapMaterials() async throws -> Int {
        let keys = keys
        var (last, count) = ("", 0)
        while true {
            let start = last
            let ids = try await database.read { transaction in
                try transaction.rows("SELECT id FROM kms_keys WHERE id > \(start) ORDER BY id LIMIT 200") { $0.text(0) }
            }
            guard let end = ids.last else { return count }
            last = end
            count += try await database.write { transaction in try ids.reduce(0) { try $0 + transaction.rewrapMaterials(ofKey: $1, keys) } }
        }
    }
}

extension WriteTransaction {
    fileprivate func rewrapMaterials(ofKey id: String, _ keys: any KeyProvider) throws -> Int {
        let materials = try rows("SELECT number, id, secret FROM kms_materials WHERE key_id = \(id)") {
            (number: $0.integer(0), purpose: KeyMaterial.purpose($0.text(1)), secret: $0.bytes(2))
        }
        let old = materials.filter { !keys.isCurrent($0.secret, for: $0.purpose) }
        for material in old {
            let new = try keys.seal(keys.unseal(material.secret, for: material.purpose), for: material.purpose)
            try execute("UPDATE kms_materials SET secret = \(new) WHERE key_id = \(id) AND number = \(material.number)")
        }
        return old.count
    }
}
