import AWSCore
import IAM
import RegistryCore

/// Gives the value of a setting of the caller's account in this region.
struct GetAccountSetting: ECROperation {
    let name: Bounded.Text<1, 64>

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry, facts: ["ecr:AccountSetting": [name.value]])] }

    func run(in registry: Registry, context: OperationContext) async throws -> AccountSettingOutput {
        let setting = try AccountSetting(checking: name.value)
        return AccountSettingOutput(setting: setting, value: try await registry.accountSetting(setting))
    }
}

/// The output of GetAccountSetting and PutAccountSetting.
struct AccountSettingOutput: JSONObject {
    let setting: AccountSetting
    let value: String

    func members(_ json: inout JSONWriter) {
        json.member("name", setting.rawValue)
        json.member("value", value)
    }
}

extension AccountSetting {
    /// The setting of this name. Throws `ConstraintViolation` when there is none.
    init(checking name: String) throws {
        guard let setting = AccountSetting(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConstraintViolation(member: "name", reason: "Member must satisfy enum value set: [\(names)]")
        }
        self = setting
    }
}
