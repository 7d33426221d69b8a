/// A parser of what strangers send, with what must hold whatever comes.
package struct FuzzTarget: Sendable {
    /// Takes one input. Returns what came of it, in a word; throws `Broken`.
    package typealias Run = @Sendable ([UInt8]) async throws -> String

    /// Its corpus is the folder of this name in `Tests/FuzzTests/Corpus`, its words are `Tests/FuzzTests/Dictionaries/<name>.dict`.
    package let name: String
    /// Makes what all inputs share, such as a registry with an image.
    package let prepare: @Sendable () async throws -> Run

    init(_ name: String, prepare: @escaping @Sendable () async throws -> Run) {
        self.name = name
        self.prepare = prepare
    }

    /// A pure function of text.
    init(_ name: String, ofText run: @escaping @Sendable (String) async throws -> String) {
        self.init(name) { { try await run(String(decoding: $0, as: UTF8.self)) } }
    }

    /// Every one.
    package static let all = [
        manifests, references, ranges, authorization, policies, hosts, jsonCalls, requests, tokens, pageTokens,
    ]
}

/// A promise that an input broke.
package struct Broken: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
