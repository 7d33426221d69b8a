import Stores
import Testing

/// No request may cost more as tables grow: every statement on its path goes by an index.
@Suite struct QueryPlanTests {
    /// Plans that read a whole table or sort, with the reason why they may: the statement's beginning, and the plan's line.
    private let allowed: [(statement: String, line: String, reason: String)] = [
        (
            "SELECT id, secret, created_at FROM token_keys ORDER BY created_at DESC, id DESC LIMIT 1",
            "SCAN token_keys USING INDEX token_keys_age", "goes one step along the index, whatever the size of the table"
        )
    ]

    @Test func requestsScanNothing() async throws {
        let walk = try await Walkthrough()
        #expect(walk.requests.count > 40, "the walk has recorded little: \(walk.requests.count)")
        var slow: [String] = []
        for statement in walk.requests {
            let text = SQLDialect.sqlite.text(of: statement)
            for line in try await walk.installation.sqlite.explain(statement) where line.hasPrefix("SCAN") || line.contains("TEMP B-TREE") {
                if allowed.contains(where: { text.hasPrefix($0.statement) && line.hasPrefix($0.line) }) { continue }
                slow.append("\(line): \(text)")
            }
        }
        #expect(slow == [])
    }
}
