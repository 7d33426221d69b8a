/// One step of the schema of one module, applied once and in order of `number`, in a transaction.
package struct Migration: Sendable {
    /// Unique over all modules together, and above every number of an earlier release; gaps are fine.
    package let number: Int
    /// What it brings, in a few words.
    package let name: String
    /// Statements, separated by `;` at the end of a line. `/*pg … */` and `/*sqlite … */` are read by one engine only.
    package let statements: String

    package init(number: Int, name: String, statements: String) {
        self.number = number
        self.name = name
        self.statements = statements
    }
}
