/// Any asynchronous sequence of `Element` that may throw, behind one type.
package struct AnyAsyncSequence<Element: Sendable>: AsyncSequence, Sendable {
    private let make: @Sendable () -> AsyncIterator

    /// Wraps `base`; a base that can be iterated once stays so.
    package init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == Element {
        make = {
            var iterator = base.makeAsyncIterator()
            return AsyncIterator { try await iterator.next() }
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { make() }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let advance: () async throws -> Element?

        package mutating func next() async throws -> Element? { try await advance() }
    }
}
