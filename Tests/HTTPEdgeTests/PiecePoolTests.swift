import Testing

@testable import HTTPEdge

@Suite struct PiecePoolTests {
    @Test func theMoreThereAreTheSmallerTheyGet() {
        let pool = PiecePool()
        let pieces = (0..<10_000).map { _ in pool.take() }
        #expect(pieces.prefix(8).allSatisfy { $0.capacity == 1 << 20 })
        #expect(pieces.reduce(0) { $0 + $1.capacity } < 400 << 20)
        for piece in pieces { pool.give(piece) }
        // Given back, they are used again, the large ones first.
        let again = (0..<9).map { _ in pool.take() }
        #expect(again.map(\.capacity) == Array(repeating: 1 << 20, count: 8) + [256 << 10])
        #expect(again.allSatisfy { piece in pieces.contains { $0 === piece } })
    }
}
