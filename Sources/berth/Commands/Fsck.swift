import ArgumentParser
import Foundation
import HTTPEdge
import RegistryCore

/// `berth fsck`
struct Fsck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the data folder for damage.",
        discussion: """
            Checks the file of the database, and invariants I1 to I6 (docs/storage-layout.md) over everything there is. Deletes nothing, and changes nothing unless \
            --quarantine is given. Needs the server stopped. The exit status is 0 when all is well and 1 when there is damage.
            """)

    @OptionGroup var folder: FolderOptions
    @Option(
        defaultAsFlag: DataSlice.all.description, parsing: .next,
        help: ArgumentHelp(
            "Also read every blob and compare it with its digest; with a value such as 2/10 the second of ten parts, so that large folders can be "
                + "read in several nights.", valueName: "n/t"))
    var readData: String?
    @Flag(help: "Put damaged blobs in quarantine: they are never served, and a push of the same content heals them.") var quarantine = false
    @Flag(help: "Print the result as one JSON object.") var json = false

    func run() async throws {
        let slice = try readData.map { text in
            guard let slice = DataSlice(text) else { throw ValidationError("\(text) is no part of all blobs; write n/t, such as 2/10.") }
            return slice
        }
        let settings = try folder.settings()
        try settings.data.requireInstallation()
        let installation = try await Installation.open(settings, log: settings.logger(to: LogSink()))
        let line = ProgressLine()
        let options = CheckOptions(reading: slice, quarantining: quarantine)
        line.show("database", ProgressBar(done: 0, total: 1, unit: .items))
        let findings = try await installation.checkDatabase(isQuick: slice == nil)
        line.show("database", ProgressBar(done: 1, total: 1, unit: .items))
        var report = try await installation.services.check(options) { progress in
            line.show(
                progress.subject.rawValue, ProgressBar(done: progress.done, total: progress.total, unit: progress.subject == .data ? .bytes : .items))
        }
        line.end()
        report.damage.insert(contentsOf: findings.map { Damage(invariant: "database", finding: $0) }, at: 0)
        let encryption = try await installation.services.encryptionStatus()
        try await installation.close()
        let summary = CheckSummary(report, slice, encryption)
        print(json ? try summary.json : summary.text)
        if !report.isClean { throw ExitCode.failure }
    }
}
