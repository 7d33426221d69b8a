import TestSupport

/// Inputs made of others, changed at random, the same at every run: what a test run tries in a few seconds where libFuzzer takes its hour.
struct Mutations {
    private static let longest = 64 << 10

    private var pool: [[UInt8]]
    /// Parts of the language, which chance would not find.
    private let words: [[UInt8]]
    private var random = SeededRandom(seed: 1)

    init(of seeds: [[UInt8]], words: [[UInt8]]) {
        pool = seeds
        self.words = words
    }

    /// Lets others grow from an input that led somewhere new.
    mutating func keep(_ input: [UInt8]) { pool.append(input) }

    mutating func next() -> [UInt8] {
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
