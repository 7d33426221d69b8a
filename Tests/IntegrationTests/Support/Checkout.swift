import Foundation

/// Where the things are that the tests drive.
enum Checkout {
    /// The folder of the repository.
    static let root = String(#filePath.dropLast("/Tests/IntegrationTests/Support/Checkout.swift".count))

    /// The server under test: `BERTH_BINARY`, else what this build put beside the tests.
    static let berth: String = {
        if let named = ProcessInfo.processInfo.environment["BERTH_BINARY"] { return named }
        let arguments = CommandLine.arguments
        if let option = arguments.firstIndex(of: "--test-bundle-path"), option + 1 < arguments.count {
            return URL(filePath: arguments[option + 1]).deletingLastPathComponent().appending(path: "berth").path(percentEncoded: false)
        }
        return root + "/.build/debug/berth"
    }()

    /// Where machines and images live: on disk, and not in the way of `git`.
    static let scratch = root + "/.build/integration"

    static func script(_ name: String) -> String { root + "/scripts/clients/" + name }
}
