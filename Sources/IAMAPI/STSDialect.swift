import AWSCore
import IAM

/// The Security Token Service, version 2011-06-15, of the Query protocol.
package struct STSDialect: Sendable {
    package init() {}

    /// Runs the action of a form; whatever goes wrong becomes an answer too.
    package func respond(to form: [UInt8], context: RequestContext) async -> AWSResponse { fatalError("stub") }
}
