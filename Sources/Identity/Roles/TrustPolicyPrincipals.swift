import AWSCore
import IAM
import Stores

/// Trust policies are kept and shown as other policies that name principals: see `PolicyPrincipals`.
extension ReadTransaction {
    /// A trust policy's text as it is kept. Throws `malformedPolicy` for a principal that does not exist.
    func bindingPrincipals(in policy: String) throws -> String {
        do {
            return try PolicyLayout(of: policy).replacingPrincipals { name in
                if name == "*" { return nil }
                // A root's ARN means its account.
                guard let arn = ARN(name), arn.resource == "root" else { return try storedPrincipal(name) }
                return try storedPrincipal(arn.account)
            }
        } catch let unknown as UnknownPrincipal {
            throw IdentityError.malformedPolicy("Invalid principal in policy: \"AWS\":\"\(unknown.name)\"")
        }
    }

    /// A trust policy's text as it is shown.
    func namingPrincipals(in policy: String) throws -> String {
        try PolicyLayout(of: policy).replacingPrincipals { try principalARN($0) }
    }
}
