import Foundation
import Stores
import TestSupport
import Testing

/// The SQL is one text for SQLite and PostgreSQL: until its adapter comes, PostgreSQL itself reads all of it.
@Suite struct PostgresTests {
    @Test func everyStatementIsPostgreSQLsToo() async throws {
        let server = try TestPostgres()
        for migration in try SchemaPlan(TestInstallation.migrations, applied: []).pending {
            _ = try server.run(SQLDialect.postgres.render(migration.statements))
        }
        let walk = try await Walkthrough()
        var refused: [String] = []
        for statement in walk.requests + walk.upkeep where !statement.pieces[0].hasPrefix("PRAGMA") {
            let text = SQLDialect.postgres.text(of: statement)
            do {
                _ = try server.run("PREPARE statement AS \(text);")
            } catch {
                refused.append("\(error)\n\(text)")
            }
        }
        #expect(refused == [])
    }
}
