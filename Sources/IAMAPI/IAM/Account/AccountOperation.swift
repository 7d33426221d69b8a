import AWSCore
import IAM
import Identity

/// An operation on the account itself, which policies allow on `*` only.
protocol AccountOperation: IAMOperation {}

extension AccountOperation {
    func permissions(_ context: OperationContext) -> [Permission] { [permission()] }
}
