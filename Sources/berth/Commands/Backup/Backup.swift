import ArgumentParser
import FileBlobStore
import Foundation
import SQLiteDatabase

/// `berth backup`
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy everything into a folder, while pushes go on or with the server stopped.",
        discussion: """
            The folder then holds one state of the installation: first the database is copied, and until all that it names is copied too, nothing \
            is deleted. A second backup into the same folder copies what is new and removes what is gone. `berth restore` makes a data folder of it.
            """)

    @OptionGroup var folder: FolderOptions
    @Argument(help: "The folder of the backup; it is made when it is not there.") var target: String
    @Flag(help: "Put the root key into the backup too. Whoever has both reads every secret; without it, keep a copy of the key elsewhere.")
    var withRootKey = false

    func run() async throws {
        let settings = try folder.settings()
        let runner = try CommandRunner(settings)
        let backup = BackupFolder(path: target)
        try backup.create()
        let hold = UUID().uuidString.lowercased()
        _ = try await runner.perform(.backup(.begin(hold: hold, database: backup.unfinishedDatabase)))
        do {
            let copy = try SQLiteDatabase(path: backup.unfinishedDatabase, migrations: Installation.migrations)
            try await copy.forgetUnfinished()
            let summary = try await CopyObjects(
                database: copy, from: (try FileBlobStore(root: settings.data.blobs), try FileBlobStore(root: settings.archive)),
                to: (try FileBlobStore(root: backup.path), try FileBlobStore(root: backup.archive)), label: "backup"
            ) { _ = try await runner.perform(.backup(.renew(hold: hold))) }.run()
            let gone = try await backup.objectsUnknown(to: copy)
            try await copy.close()
            try backup.prepare(rootKey: withRootKey && settings.hasRootKeyFile ? settings.rootKey : nil, of: settings.data)
            try backup.complete()
            try await backup.remove(gone)
            await end(hold, runner)
            print("\(summary.text) \(gone.count) that are gone were removed. The backup is in \(backup.path).")
        } catch {
            await end(hold, runner)
            throw error
        }
        if settings.rootPassphrase != nil {
            print("The passphrase is not part of it, and without it the backup cannot be restored.")
        } else if let key = settings.rootKMSKey {
            print("The root key is part of it as \(key) has sealed it: without that key the backup cannot be restored.")
        } else {
            tell(settings)
        }
        try await runner.close()
    }

    private func end(_ hold: String, _ runner: CommandRunner) async {
        do {
            _ = try await runner.perform(.backup(.end(hold: hold)))
        } catch {
            print("Deleted objects stay for ten minutes more: \(error)")
        }
    }

    private func tell(_ settings: Settings) {
        print(
            withRootKey
                ? "The root key is part of it: whoever has this folder reads every secret."
                : "The root key \(settings.rootKey) is not part of it, and without it the backup cannot be restored: keep a copy elsewhere.")
    }
}
