import Foundation
import TestSupport
import Testing

/// Feeds mutated inputs to a parser: seeds and what grew from them, changed at random, the same at every run with the same number.
///
/// An input whose outcome is a new one joins the seeds, so that later ones go deeper. `make fuzz` runs for a time
/// (`BERTH_FUZZ_SECONDS` for each parser) with another number each time (`BERTH_FUZZ_NUMBER`); it leaves the input under test in
/// `.build/fuzz/<name>/current`, where it is found after a crash, and keeps what brought new outcomes for the next run.
struct Fuzzer {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = environment["BERTH_FUZZ_SECONDS"].flatMap { Double($0) }
    /// In a plain test run.
    private static let iterations = 3_000
    /// An input this long in the works is a fault too: parsers must not be made to work without end.
    private static let patience = Duration.seconds(2)
    private static let longest = 64 << 10

    let name: String
    private var pool: [[UInt8]]
    /// Parts of the language, which chance would not find.
    private let words: [[UInt8]]
    private var random: SeededRandom
    private let folder: String?

    init(_ name: String, seeds: [String], words: [String]) throws {
        self.name = name
        self.words = words.map { Array($0.utf8) }
        random = SeededRandom(seed: Self.environment["BERTH_FUZZ_NUMBER"].flatMap { UInt64($0) } ?? 1)
        pool = seeds.map { Array($0.utf8) }
        folder = Self.seconds == nil ? nil : ".build/fuzz/\(name)"
        if let folder {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file != "current" {
                if let kept = FileManager.default.contents(atPath: "\(folder)/\(file)") { pool.append(Array(kept)) }
            }
        }
    }

    /// Runs `parse` on one input after the other. It returns what came of it, in a word, and throws when a promise was broken.
    mutating func run(_ parse: ([UInt8]) async throws -> String) async throws {
        var outcomes: [String: Int] = [:]
        var slowest = Duration.zero
        let begin = ContinuousClock.now
        var count = 0
        for seed in pool { outcomes[try await parse(seed), default: 0] += 1 }
        while Self.seconds.map({ .now - begin < .seconds($0) }) ?? (count < Self.iterations) {
            count += 1
            let input = mutated()
            if let folder { try Data(input).write(to: URL(filePath: "\(folder)/current")) }
            let start = ContinuousClock.now
            do {
                let outcome = try await parse(input)
                if outcomes.updateValue(outcomes[outcome, default: 0] + 1, forKey: outcome) == nil { try keep(input) }
            } catch {
                Issue.record(
                    "\(name): \(error)\nby the input \(Data(input).base64EncodedString())\n\(String(decoding: input.prefix(2000), as: UTF8.self))")
                return
            }
            slowest = max(slowest, .now - start)
            if slowest > Self.patience {
                Issue.record("\(name): \(slowest) for the input \(Data(input).base64EncodedString().prefix(4000))")
                return
            }
        }
        print("fuzz \(name): \(count) inputs, \(outcomes.count) outcomes, the slowest took \(slowest)")
        #expect(outcomes.count > 1, "the mutations must lead somewhere: \(outcomes)")
    }

    private mutating func keep(_ input: [UInt8]) throws {
        pool.append(input)
        if let folder { try Data(input).write(to: URL(filePath: "\(folder)/\(pool.count)")) }
    }

    private mutating func mutated() -> [UInt8] {
        var input = pool.randomElement(using: &random) ?? []
        for _ in 0..<(1 << Int.random(in: 0...3, using: &random)) { mutate(&input) }
        return Array(input.prefix(Self.longest))
    }

    private mutating func mutate(_ input: inout [UInt8]) {
        let place = Int.random(in: 0...input.count, using: &random)
        let length = Int.random(in: 0...min(16, input.count - place), using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: if place < input.count { input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 1: if place < input.count { input[place] = UInt8.random(in: .min ... .max, using: &random) }
        case 2: input.insert(UInt8.random(in: 0x20...0x7e, using: &random), at: place)
        case 3: input.removeSubrange(place..<place + length)
        case 4: input.insert(contentsOf: input[place..<place + length], at: place)
        case 5: input.insert(contentsOf: words.randomElement(using: &random) ?? [], at: place)
        case 6: input.replaceSubrange(place..<place + length, with: words.randomElement(using: &random) ?? [])
        case 7:
            let other = pool.randomElement(using: &random) ?? []
            input = Array(input[..<place] + other.suffix(Int.random(in: 0...other.count, using: &random)))
        default:
            // Many of the same, to find what grows faster than its input.
            let piece = Array(input[place..<place + length])
            for _ in 0..<Int.random(in: 0..<200, using: &random) where input.count < Self.longest { input.insert(contentsOf: piece, at: place) }
        }
    }
}

/// A promise that an input broke.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
