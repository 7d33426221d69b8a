import IAM
import TestSupport
import Testing

/// A golden file of a service of the awsJson protocol, and what the service's model asks of it.
protocol JSONGolden: Golden {
    var model: Model { get }

    /// Codes that the model gives to no operation but are the protocol's own, or AWS's.
    static var commonErrors: [String] { get }

    /// The answer that comes; to the account's root, or to whom `caller` makes. What is given is the root's doing.
    func run(as caller: (TestInstallation) async throws -> Caller?) async throws -> Wire.Answer
}

extension JSONGolden {
    /// The body of the answer that the file holds.
    var body: JSON { content["body"] ?? .null }
    var code: String? { body["__type"]?.text }

    /// Expects the answer that the file holds, or writes it.
    func expectAnswer() async throws {
        let answer = try await run { _ in nil }
        let headers = JSON.object(answer.headers.mapValues { .string($0) })
        if GoldenFile.isRegenerating {
            try file.write(["status": .integer(answer.status), "headers": headers, "body": answer.body])
        } else {
            #expect(JSON.integer(answer.status) == status)
            #expect(headers == content["headers"])
            #expect(answer.body == body)
        }
    }

    /// Expects of a successful answer that it is of the model's output shape: names, types, enums.
    func expectShape() throws {
        guard status == 200 else { return }
        #expect(model.problems(of: body, as: try #require(model.operations[operation]).output, at: operation) == [])
    }

    /// Expects of an error that it is one that the model gives to the operation, with its members, or one of the protocol's own.
    func expectDocumentedError() throws {
        guard status != 200 else { return }
        let code = try #require(code)
        #expect((try #require(model.operations[operation]).errors + Self.commonErrors).contains(code))
        #expect(status == 400)
        guard let shape = model.shapes[code] else { return }
        #expect(Set(body.members.keys).subtracting(["__type"]).isSubset(of: Set((shape.members ?? [:]).keys)))
    }
}
