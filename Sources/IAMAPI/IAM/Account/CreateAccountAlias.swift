import AWSCore
import Identity

/// Gives the account an alias, in the place of the one that it has.
struct CreateAccountAlias: AccountOperation {
    let accountAlias: AccountAlias

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.setAlias(accountAlias.value)
        return NoOutput()
    }
}

/// 3 to 63 of `[a-z0-9-]`, dashes neither first nor last nor two in a row; no account's number.
struct AccountAlias: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<3, 63>.self).value
        guard text.wholeMatch(of: /[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]/) != nil, AccountID(text) == nil else {
            throw AWSError.invalid(
                decoder, "It must contain only digits, lowercase letters, and hyphens (-), but cannot begin or end with a hyphen.")
        }
        value = text
    }
}
