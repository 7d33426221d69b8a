import AWSCore
import IAM
import RegistryCore

/// Sets a setting of the caller's account in this region.
struct PutAccountSetting: ECROperation {
    let name: Bounded.Text<1, 64>
    let value: String

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry, facts: ["ecr:AccountSetting": [name.value]])] }

    func run(in registry: Registry, context: OperationContext) async throws -> AccountSettingOutput {
        let setting = try AccountSetting(checking: name.value)
        guard setting.values.contains(value) else {
            throw ConstraintViolation(
                member: "value", reason: "Member must satisfy enum value set: [\(setting.values.joined(separator: ", "))]")
        }
        try await registry.putAccountSetting(setting, value)
        return AccountSettingOutput(setting: setting, value: value)
    }
}
