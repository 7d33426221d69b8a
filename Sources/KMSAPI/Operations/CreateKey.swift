import AWSCore
import IAM
import KMS
import Stores

/// Makes a symmetric key.
struct CreateKey: KMSOperation {
    let policy: PolicyText?
    let description: Description?
    let keyUsage: KeyUsage?
    let customerMasterKeySpec: CustomerMasterKeySpec?
    let keySpec: KeySpec?
    let origin: Origin?
    let customKeyStoreId: Bounded.Text<1, 64>?
    let bypassPolicyLockoutSafetyCheck: Bool?
    let tags: [Tag]?
    let multiRegion: Bool?
    let xksKeyId: XksKeyID?

    func run(_ call: KMSCall) async throws -> KeyMetadataOutput {
        let checked = try (tags ?? []).checked()
        try await requirePermission(call)
        try refuseWhatIsNotThere()
        let most = call.ring.limits.tagsPerKey
        guard checked.count <= most else { throw KeyFailure(.limitExceeded, "A key may have at most \(most) tags.") }
        let text = try await call.policy(
            policy?.value ?? call.ring.defaultPolicy, of: FoundKey(futureIn: call.ring, tags: checked),
            bypassingSafetyCheck: bypassPolicyLockoutSafetyCheck)
        return KeyMetadataOutput(key: try await call.ring.createKey(description: description?.value ?? "", policy: text, tags: checked))
    }

    private func requirePermission(_ call: KMSCall) async throws {
        var facts = (tags ?? []).requestFacts
        facts["kms:KeySpec"] = [(keySpec ?? customerMasterKeySpec?.spec ?? .symmetric).rawValue]
        facts["kms:CustomerMasterKeySpec"] = facts["kms:KeySpec"]
        facts["kms:KeyUsage"] = [(keyUsage ?? .encrypt).rawValue]
        facts["kms:CustomerMasterKeyUsage"] = facts["kms:KeyUsage"]
        facts["kms:KeyOrigin"] = [(origin ?? .kms).rawValue]
        facts["kms:MultiRegion"] = ["\(multiRegion ?? false)"]
        facts["kms:BypassPolicyLockoutSafetyCheck"] = ["\(bypassPolicyLockoutSafetyCheck ?? false)"]
        facts["kms:CallerAccount"] = [call.ring.account.description]
        try await call.access.require([call.action] + ((tags ?? []).isEmpty ? [] : ["TagResource"]), facts, call.request)
    }

    private func refuseWhatIsNotThere() throws {
        if let keySpec, let older = customerMasterKeySpec, keySpec != older.spec {
            throw ConstraintViolation(member: "keySpec", reason: "You cannot specify KeySpec and CustomerMasterKeySpec in the same request")
        }
        let spec = keySpec ?? customerMasterKeySpec?.spec ?? .symmetric
        let refused =
            spec != .symmetric
            ? "KeySpec \(spec.rawValue)"
            : keyUsage.map({ $0 != .encrypt }) == true
                ? "KeyUsage \(keyUsage?.rawValue ?? "")"
                : origin.map({ $0 != .kms }) == true
                    ? "Origin \(origin?.rawValue ?? "")"
                    : customKeyStoreId != nil || xksKeyId != nil
                        ? "a custom key store" : multiRegion == true ? "MultiRegion" : nil
        guard let refused else { return }
        throw KeyFailure(
            .unsupported, "Berth does not have \(refused): its keys are symmetric, of its own material, in one region (SYMMETRIC_DEFAULT, AWS_KMS).")
    }
}

/// The name of a key in a store of somebody else's.
struct XksKeyID: ConstrainedText {
    static let constraint = "Member must satisfy regular expression pattern: ^[a-zA-Z0-9-_.]+$"

    init?(_ text: String) {
        let allowed = text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0))
        }
        guard (1...128).contains(text.utf16.count), allowed else { return nil }
    }
}
