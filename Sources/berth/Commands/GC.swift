import ArgumentParser
import Foundation
import RegistryCore

/// `berth gc`
struct GC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The collector of blobs that no image names.",
        discussion: "It is a part of `berth serve`, works all the time, and needs no command to run.", subcommands: [Status.self])

    /// `berth gc status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what the collector has before it.", discussion: "Works with the server running or stopped.")

        @OptionGroup var folder: FolderOptions
        @Flag(help: "Print the result as one JSON object.") var json = false

        func run() async throws {
            let answer = try await carryOut(.gcStatus, with: try folder.settings())
            print(json ? answer : try JSONDecoder().decode(ReclaimStatus.self, from: Data(answer.utf8)).text)
        }
    }
}

extension ReclaimStatus {
    /// A line for each kind of thing.
    fileprivate var text: String {
        let delay = dueBlobs > 0 ? ", the oldest for \(Int(delaySeconds)) s" : ""
        return """
            blobs that wait for the end of their lease   \(waitingBlobs)
            blobs that are due                           \(dueBlobs)\(delay)
            objects to be deleted                        \(buriedObjects)\(failedDeletions > 0 ? ", \(failedDeletions) of them tried before" : "")
            uploads under way                            \(openUploads)
            deleted repositories to be cleared           \(deletedRepositories)
            blobs in quarantine                          \(quarantinedBlobs)\(quarantinedBlobs > 0 ? "; `berth fsck` names them" : "")
            """
    }
}
