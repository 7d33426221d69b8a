import ArgumentParser
import Foundation
import HTTPEdge
import RegistryCore

/// `berth fsck`
struct Fsck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the data folder for damage.",
        discussion: """
            Checks invariants I1 to I6 (docs/storage-layout.md) over everything there is, and changes nothing. Needs the server stopped. \
            The exit status is 0 when all is well and 1 when there is damage.
            """)

    @OptionGroup var folder: FolderOptions
    @Flag(help: "Also read every blob and compare it with its digest.") var readData = false
    @Flag(help: "Print the result as one JSON object.") var json = false

    func run() async throws {
        let settings = try folder.settings()
        try settings.data.requireInstallation()
        let installation = try await Installation.open(settings, log: settings.logger(to: LogSink()))
        let report = try await installation.services.check(readingData: readData) { [json] subject, count in
            if !json { FileHandle.standardError.write(Data("checked \(count) \(subject)\n".utf8)) }
        }
        try await installation.close()
        let summary = CheckSummary(report)
        print(json ? try summary.json : summary.text)
        if !report.isClean { throw ExitCode.failure }
    }
}
