import Stores
import TestSupport
import Testing

/// No request may cost more as tables grow: every statement on its path goes by an index.
@Suite struct QueryPlanTests {
    /// Plans that read a whole table or sort, with the reason why they may: the statement's beginning, and the plan's line.
    private let allowed: [(statement: String, line: String, reason: String)] = [
        (
            "SELECT id, secret, created_at FROM token_keys ORDER BY created_at DESC, id DESC LIMIT 1",
            "SCAN token_keys USING INDEX token_keys_age", "goes one step along the index, whatever the size of the table"
        ),
        (
            "SELECT COALESCE(SUM(d.images), 0), COALESCE(SUM(d.bytes), 0) FROM repo_deltas d CROSS JOIN repos r", "SCAN d",
            "the notes that were not folded yet, of a second or so; asked only where accounts are limited"
        ),
    ]

    /// What SQLite asks by itself when a row goes to which others refer: by their whole key, or at least by its last column.
    @Test func foreignKeysAreFoundByTheirKeys() async throws {
        let installation = try TestInstallation()
        let keys = try await installation.sqlite.read { transaction in
            try transaction.rows(
                """
                SELECT t.name, k.id, group_concat(k."from") FROM sqlite_master t, pragma_foreign_key_list(t.name) k
                WHERE t.type = 'table' GROUP BY t.name, k.id ORDER BY t.name, k.id
                """
            ) { (table: $0.text(0), columns: $0.text(2).split(separator: ",")) }
        }
        #expect(keys.count > 10)
        var slow: [String] = []
        for (table, columns) in keys {
            let condition = columns.map { "\($0) = 1" }.joined(separator: " AND ")
            let plan = try await installation.sqlite.explain(SQL(stringLiteral: "SELECT 1 FROM \(table) WHERE \(condition)"))
            if let last = columns.last, !plan.contains(where: { $0.contains("\(last)=?") }) { slow.append("\(table) \(columns): \(plan)") }
        }
        #expect(slow == [])
    }

    /// A search by repository alone reads all that it has: only lists may, which go on in their order and stop at a limit, and the removal of all.
    @Test func nothingReadsAllOfARepository() async throws {
        let walk = try await Walkthrough()
        let large = ["tags", "manifests", "manifest_blobs", "manifest_children", "lifecycle_marks", "repo_blobs"]
        var slow: [String] = []
        for statement in walk.requests + walk.upkeep {
            let text = SQLDialect.sqlite.text(of: statement)
            let isList = text.contains("LIMIT") && (text.contains("ORDER BY") || !text.contains(" AND "))
            // The row of a repository goes when nothing is left of it.
            let removals = ["DELETE FROM manifest_children WHERE repo_id", "DELETE FROM lifecycle_marks", "DELETE FROM repos "]
            guard !isList, !removals.contains(where: { text.hasPrefix($0) }) else { continue }
            for line in try await walk.installation.sqlite.explain(statement)
            where line.contains("(repo_id=?)") && large.contains(where: { line.hasPrefix("SEARCH \($0) ") }) {
                slow.append("\(line): \(text)")
            }
        }
        #expect(slow == [])
    }

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
