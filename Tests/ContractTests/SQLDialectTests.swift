import Stores
import Testing

@Suite struct SQLDialectTests {
    @Test(arguments: [
        (
            "CREATE TABLE t (a TEXT /*pg COLLATE \"C\"*/) /*sqlite WITHOUT ROWID*/;", "CREATE TABLE t (a TEXT ) WITHOUT ROWID;",
            "CREATE TABLE t (a TEXT COLLATE \"C\") ;"
        ),
        ("SELECT 1", "SELECT 1", "SELECT 1"),
        ("SELECT /* why */ 1 /*pg FOR SHARE*/", "SELECT /* why */ 1 ", "SELECT /* why */ 1 FOR SHARE"),
        ("/*pg a*//*sqlite b*//*pg c*/", "b", "ac"),
        ("unfinished /*pg x", "unfinished /*pg x", "unfinished /*pg x"),
    ])
    func marksAreReadByOneEngine(_ text: String, _ sqlite: String, _ postgres: String) {
        #expect(SQLDialect.sqlite.render(text) == sqlite)
        #expect(SQLDialect.postgres.render(text) == postgres)
    }

    @Test func placeholdersAreTheEngines() {
        let statement: SQL = "SELECT * FROM t WHERE a = \(1) AND b IN \(list: ["x", "y"]) /*pg FOR SHARE*/"
        #expect(SQLDialect.sqlite.text(of: statement) == "SELECT * FROM t WHERE a = ? AND b IN (?, ?) ")
        #expect(SQLDialect.postgres.text(of: statement) == "SELECT * FROM t WHERE a = $1 AND b IN ($2, $3) FOR SHARE")
        #expect(statement.values == [.integer(1), .text("x"), .text("y")])
    }
}
