import ArgumentParser

/// `berth version`
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version of this program.")

    func run() { print("berth \(version)") }
}
