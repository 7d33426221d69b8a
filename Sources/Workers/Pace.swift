/// How fast background work may read, and how it waits.
package struct Pace: Sendable {
    private let bytesPerSecond: Int64
    private let sleep: @Sendable (Duration) async throws -> Void

    /// At most `bytesPerSecond`, which is above 0. `sleep` waits, and throws when there is no time left.
    package init(bytesPerSecond: Int64, sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }) {
        self.bytesPerSecond = bytesPerSecond
        self.sleep = sleep
    }

    /// What may be read in so many seconds.
    func bytes(inSeconds seconds: Int64) -> Int64 { bytesPerSecond * seconds }

    /// Waits as long as it may take to read so many bytes.
    func wait(for bytes: Int64) async throws { try await sleep(.seconds(Double(bytes) / Double(bytesPerSecond))) }

    /// Waits so long.
    func wait(_ duration: Duration) async throws { try await sleep(duration) }
}
