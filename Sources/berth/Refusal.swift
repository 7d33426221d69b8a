/// Why a command does not do what it was asked: a sentence for the person at the terminal that says what to do instead.
/// The command exits with status 1.
struct Refusal: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}
