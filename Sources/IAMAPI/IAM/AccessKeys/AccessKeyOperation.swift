import AWSCore
import IAM
import Identity

/// An operation on the access keys of the user that is named, or else of the caller's.
protocol AccessKeyOperation: IAMOperation {
    var userName: ExistingUserName? { get }
}

extension AccessKeyOperation {
    func permissions(_ context: OperationContext) async throws -> [Permission] {
        [permission(on: try await context.target(of: context.owner(userName)))]
    }
}

/// The model's statusType.
enum AccessKeyState: String, ConstrainedEnum, Encodable {
    case active = "Active"
    case inactive = "Inactive"
    case expired = "Expired"

    init(isActive: Bool) { self = isActive ? .active : .inactive }
}

extension KeyOwner {
    /// The user's name; nil of the root.
    var userName: String? {
        guard case .user(let name) = self else { return nil }
        return name
    }
}
