import ServiceLifecycle

/// Runs `servers` until the graceful shutdown has ended them, and no longer than `drain` after it began; what is then still
/// under way is cut off. `companions` run beside them. Throws what a server throws.
func serve(
    _ servers: [@Sendable () async throws -> Void], companions: [any Service] = [], drain: Duration,
    onShutdown: @escaping @Sendable () -> Void = {}
) async throws {
    enum Part { case servers, deadline, companion }
    try await withThrowingTaskGroup(of: Part.self) { group in
        group.addTask {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for run in servers { group.addTask { try await run() } }
                try await group.waitForAll()
            }
            return .servers
        }
        group.addTask {
            try await gracefulShutdown()
            onShutdown()
            try await Task.sleep(for: drain)
            return .deadline
        }
        for companion in companions {
            group.addTask {
                try await companion.run()
                return .companion
            }
        }
        while try await group.next() == .companion {}
        group.cancelAll()
        while true {
            do {
                guard try await group.next() != nil else { return }
            } catch is CancellationError {
                continue
            }
        }
    }
}
