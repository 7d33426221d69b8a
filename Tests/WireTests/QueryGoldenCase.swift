import Foundation
import IAM
import Testing

@testable import IAMAPI

/// A request of the Query protocol and the answer to it, in a file: `GoldenQuery/<service>/<Operation>/<case>.json`.
///
/// `given` names what happens before: files of `GoldenQuery/<service>/Given`, each a list of calls, or calls themselves. The text of an
/// element of an earlier answer stands in a later request as `${name}`. `as` names the user who calls; without it the root does. What
/// differs at every run is masked in the answer.
struct QueryGoldenCase: Sendable, CustomTestStringConvertible {
    let service: String
    let operation: String
    let name: String
    let file: URL
    let content: JSON

    var testDescription: String { "\(service)/\(operation)/\(name)" }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "GoldenQuery")

    /// All cases of a service, in the order of their names.
    static func all(_ service: String) -> [QueryGoldenCase] {
        let root = folder.appending(path: service)
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return files.filter { $0.pathExtension == "json" && $0.deletingLastPathComponent().lastPathComponent != "Given" }
            .sorted { $0.path() < $1.path() }
            .map { file in
                do {
                    return QueryGoldenCase(
                        service: service, operation: file.deletingLastPathComponent().lastPathComponent,
                        name: file.deletingPathExtension().lastPathComponent, file: file, content: try JSON(bytes: Array(Data(contentsOf: file))))
                } catch {
                    fatalError("\(file.path()): \(error)")
                }
            }
    }

    /// The answer that the file holds.
    var status: JSON? { content["status"] }
    var lines: [String] { content["body"]?.elements.compactMap(\.text) ?? [] }
    var body: XML { get throws { try XML(lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined()) } }

    /// The answer that comes.
    func run() async throws -> QueryWire.Answer {
        let wire = try await QueryWire(QueryService.all.first { $0.name == service } ?? .iam)
        var known: [String: String] = [:]
        for call in try calls() {
            if let seconds = call["wait"] {
                guard case .integer(let seconds) = seconds else { continue }
                wire.installation.clock.advance(by: .seconds(seconds))
                continue
            }
            let body = try await wire.succeed(
                try #require(call["operation"]?.text), parameters(of: call, known), as: caller(of: call, wire))
            body.collect(into: &known)
        }
        let answer = try await wire.call(operation, parameters(of: content, known), as: caller(of: content, wire))
        let masked = answer.body.mapText { element in
            ["Marker", "SecretAccessKey", "SessionToken", "DeletionTaskId"].contains(element.name) && !element.text.isEmpty
                ? "(\(element.name))" : element.text
        }
        return QueryWire.Answer(status: answer.status, body: masked, action: answer.action)
    }

    /// Writes an answer into the file.
    func write(_ answer: QueryWire.Answer) throws {
        var content = content
        content["status"] = .integer(answer.status)
        content["body"] = .array(answer.body.lines.map { .string($0) })
        try Data((content.pretty + "\n").utf8).write(to: file)
    }

    private func calls() throws -> [JSON] {
        try (content["given"]?.elements ?? []).flatMap { given in
            guard let name = given.text else { return [given] }
            return try JSON(bytes: Array(Data(contentsOf: Self.folder.appending(path: "\(service)/Given/\(name).json")))).elements
        }
    }

    /// `${name}` filled in, and a text of N times `x` for `${N*x}`.
    private func parameters(of call: JSON, _ known: [String: String]) -> [String: String] {
        (call["request"]?.members ?? [:]).compactMapValues { value in
            guard let text = value.text else { return nil }
            let filled = known.reduce(text) { $0.replacing("${\($1.key)}", with: $1.value) }
            return filled.replacing(#/\$\{(\d+)\*(.)\}/#) { String(repeating: String($0.2), count: Int($0.1) ?? 0) }
        }
    }

    private func caller(of call: JSON, _ wire: QueryWire) async throws -> Caller? {
        guard let name = call["as"]?.text else { return nil }
        return try await wire.user(name)
    }
}

extension XML {
    fileprivate func collect(into known: inout [String: String]) {
        if children.isEmpty { known[name] = text }
        for child in children { child.collect(into: &known) }
    }
}
