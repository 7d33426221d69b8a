import Testing

@testable import IAMAPI

/// The golden files of a service of the Query protocol, and what its model asks of them.
struct QueryGolden {
    let service: QueryService
    let model: Model
    /// Codes that are not in the model but are the protocol's own, or AWS's.
    let commonErrors: Set<String>
    /// Why errors of the model never come, by code: of these operations, or of all where none is named.
    let reasons: [Reason]

    /// Why an error of the model has no file.
    struct Reason {
        let code: String
        /// Empty: all that have it.
        let operations: Set<String>
        let text: String

        init(_ code: String, of operations: Set<String> = [], _ text: String) {
            self.code = code
            self.operations = operations
            self.text = text
        }
    }

    /// Expects the answer that the file holds, or writes it.
    func expectAnswer(to golden: QueryGoldenCase) async throws {
        let answer = try await golden.run()
        #expect(answer.action == "\(service.name):\(golden.operation)")
        if GoldenFile.isRegenerating {
            try golden.file.write(["status": .integer(answer.status), "body": .array(answer.body.lines.map { .string($0) })])
        } else {
            #expect(JSON.integer(answer.status) == golden.status)
            #expect(answer.body.lines == golden.lines)
        }
    }

    /// Expects of a successful answer that it is of the model's output shape: names, types, enums. Those problems are let pass that
    /// `isAWSsOwn`.
    func expectShape(of golden: QueryGoldenCase, except isAWSsOwn: (String) -> Bool = { _ in false }) throws {
        guard golden.status == 200 else { return }
        let body = try golden.body
        #expect(body.tag == "\(golden.operation)Response xmlns=\"\(service.namespace)\"")
        let output = try #require(model.operations[golden.operation]).output
        let result = body["\(golden.operation)Result"]
        #expect((result == nil) == (output == "Nothing"))
        guard let result else { return }
        let problems = model.problems(of: result.json(as: output, of: model), as: output, at: golden.operation)
        #expect(problems.filter { !isAWSsOwn($0) } == [])
    }

    /// Expects of an error that it is one that the model gives to the operation, or one of the protocol's own.
    func expectDocumentedError(of golden: QueryGoldenCase) throws {
        guard golden.status != 200 else { return }
        let code = try #require(try golden.body["Error"]?["Code"]?.text)
        if commonErrors.contains(code) { return }
        let errors = try #require(model.operations[golden.operation]).errors.map { model[shape: $0] }
        let error = try #require(errors.first { $0.code == code }, "\(code) is no error of \(golden.operation)")
        #expect(golden.status == error.status.map { .integer($0) })
    }

    /// Expects a file for a success of the operation and for each of its errors, but for those that there is a reason for.
    func expectCoverage(of operation: String, by cases: [QueryGoldenCase], neverSucceeds: Bool = false) throws {
        let cases = cases.filter { $0.operation == operation }
        #expect(cases.contains { $0.status == 200 } != neverSucceeds)
        #expect(cases.contains { $0.status != 200 } || !canFail(operation))
        let covered = Set(try cases.compactMap { try $0.body["Error"]?["Code"]?.text })
        for code in try #require(model.operations[operation]).errors.compactMap({ model[shape: $0].code }) {
            let hasReason = reasons.contains { $0.code == code && ($0.operations.isEmpty || $0.operations.contains(operation)) }
            #expect(covered.contains(code) != hasReason, "\(operation) \(code): \(hasReason ? "comes all the same" : "has neither file nor reason")")
        }
    }

    /// Expects that every reason is one for an error of the model.
    func expectReasonsToBeUsed() {
        for reason in reasons {
            let having = model.operations.filter { $0.value.errors.contains { model[shape: $0].code == reason.code } }.map(\.key)
            #expect(!having.isEmpty && reason.operations.isSubset(of: having), "\(reason.code): \(reason.text)")
        }
    }

    private func canFail(_ operation: String) -> Bool {
        model.operations[operation]?.errors.contains { error in
            let code = model[shape: error].code
            return !reasons.contains { $0.code == code && ($0.operations.isEmpty || $0.operations.contains(operation)) }
        } ?? false
    }
}
