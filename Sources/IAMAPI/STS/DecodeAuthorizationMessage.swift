import AWSCore
import IAM

/// Decodes what some services of AWS put into their refusals. None of Berth's does: its refusals say everything in clear, so
/// every message is a foreign one.
struct DecodeAuthorizationMessage: STSOperation {
    let encodedMessage: Bounded.Text<1, 10240>

    func permissions(_ context: OperationContext) -> [Permission] { [permission()] }

    func run(_ context: OperationContext) throws -> NoOutput {
        throw AWSError("InvalidAuthorizationMessageException", "Message is not valid")
    }
}
