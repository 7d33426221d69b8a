import Testing

@testable import ECRAPI

/// An API of registries: AWS's description of it, and what Berth has of it.
struct ModelledAPI: Sendable, CustomTestStringConvertible {
    let api: ECRDialect.API
    let model: Model
    let operations: OperationTable

    static let ecr = ModelledAPI(api: .ecr, model: .ecr, operations: .ecr)
    static let ecrPublic = ModelledAPI(api: .ecrPublic, model: .ecrPublic, operations: .ecrPublic)

    var testDescription: String { api.rawValue }

    /// The operations that Berth has, in its own order.
    var names: [String] { operations.implemented.map { $0.name } }
}

/// An operation that Berth has, of either API.
struct ModelledOperation: Sendable, CustomTestStringConvertible {
    let api: ModelledAPI
    let name: String

    static let all = [ModelledAPI.ecr, .ecrPublic].flatMap { api in api.names.map { ModelledOperation(api: api, name: $0) } }

    var testDescription: String { "\(action)" }
    /// The IAM action.
    var action: String { "\(api.api.rawValue):\(name)" }
    var model: Model { api.model }
}
