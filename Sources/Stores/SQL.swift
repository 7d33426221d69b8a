/// A value that a statement binds or a row holds.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// What can stand in an interpolation of `SQL`.
package protocol SQLBindable: Sendable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable {
    package var sqlValue: SQLValue { self }
}

extension Int64: SQLBindable {
    package var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLBindable {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Bool: SQLBindable {
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension String: SQLBindable {
    package var sqlValue: SQLValue { .text(self) }
}

extension [UInt8]: SQLBindable {
    package var sqlValue: SQLValue { .bytes(self) }
}

extension Timestamp: SQLBindable {
    package var sqlValue: SQLValue { .integer(milliseconds) }
}

/// One statement in the common subset of SQLite and PostgreSQL, with its values.
///
/// Written as a string literal; every interpolation of a value becomes a bind, so no value is ever part of the text:
/// `"SELECT id FROM repos WHERE name = \(name)"`. `\(raw:)` inserts text, `\(sql:)` another statement, `\(list:)` a
/// parenthesised list of binds. `/*pg … */` and `/*sqlite … */` mark what only one engine reads.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The text between the binds: one piece more than there are values.
    package private(set) var pieces: [String]
    package private(set) var values: [SQLValue]

    package init(stringLiteral text: String) {
        pieces = [text]
        values = []
    }

    package init(stringInterpolation: Interpolation) {
        pieces = stringInterpolation.pieces
        values = stringInterpolation.values
    }

    /// The text with the placeholders of an engine; `placeholder` gets the number of the bind, from 1.
    package func text(placeholder: (Int) -> String) -> String {
        var text = pieces[0]
        for (index, piece) in pieces.dropFirst().enumerated() {
            text += placeholder(index + 1)
            text += piece
        }
        return text
    }

    /// Collects the pieces and values of a literal.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var pieces = [""]
        fileprivate var values: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount + 1)
            values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            pieces[pieces.count - 1] += literal
        }

        /// Binds `value`.
        package mutating func appendInterpolation(_ value: some SQLBindable) {
            values.append(value.sqlValue)
            pieces.append("")
        }

        /// Binds `value`, or NULL.
        package mutating func appendInterpolation(optional value: (some SQLBindable)?) {
            values.append(value?.sqlValue ?? .null)
            pieces.append("")
        }

        /// Inserts `text` as it is; only for names and clauses of the program's own.
        package mutating func appendInterpolation(raw text: StaticString) {
            pieces[pieces.count - 1] += text.description
        }

        /// Inserts another statement's text and values.
        package mutating func appendInterpolation(sql other: SQL) {
            pieces[pieces.count - 1] += other.pieces[0]
            pieces.append(contentsOf: other.pieces.dropFirst())
            values.append(contentsOf: other.values)
        }

        /// `(…, …)`, a bind for each of `list`, which must not be empty.
        package mutating func appendInterpolation(list: [some SQLBindable]) {
            precondition(!list.isEmpty)
            for (index, value) in list.enumerated() {
                pieces[pieces.count - 1] += index == 0 ? "(" : ", "
                appendInterpolation(value)
            }
            pieces[pieces.count - 1] += ")"
        }
    }
}
