/// What `berth backup` asks of who has the data folder open.
enum BackupRequest: Codable, Equatable, Sendable {
    /// Keeps every object from now on, and writes a copy of the database to a file.
    case begin(hold: String, database: String)
    case renew(hold: String)
    case end(hold: String)
}

extension Installation {
    /// Performs one step of `berth backup`.
    func perform(_ request: BackupRequest) async throws -> String {
        switch request {
        case .begin(let hold, let path):
            // Objects first: what the copy names must not go between the two.
            try await services.hold(hold) { try await copyDatabase(to: path) }
        case .renew(let hold): try await services.hold(hold)
        case .end(let hold): try await services.release(hold)
        }
        return ""
    }
}
