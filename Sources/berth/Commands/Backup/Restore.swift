import ArgumentParser
import FileBlobStore
import Foundation
import LocalKeyProvider
import SQLiteDatabase

/// `berth restore`
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a data folder of a backup.",
        discussion: """
            The data folder must hold no installation. The root key is taken from the backup, or from where --root-key says; without it nothing \
            is restored, since the access keys in the backup are sealed with it. Afterwards `berth fsck --read-data` reads everything.
            """)

    @OptionGroup var folder: FolderOptions
    @Argument(help: "The folder of the backup.") var source: String

    func run() async throws {
        let settings = try folder.settings()
        let backup = BackupFolder(path: source)
        let data = settings.data
        guard FileManager.default.fileExists(atPath: backup.database) else {
            throw Refusal("There is no complete backup in \(backup.path).")
        }
        guard !FileManager.default.fileExists(atPath: data.database) else {
            throw Refusal("There is an installation in \(data.path) already; name another folder with --data.")
        }
        try data.requireNoLog()
        try data.create()
        try backup.bringRootSources(to: data)
        if settings.hasRootKeyFile { try backup.bringRootKey(to: settings.rootKey) }

        let unfinished = data.database + ".unfinished"
        try SQLiteDatabase.remove(at: unfinished)
        try BackupFolder.copyFile(backup.database, to: unfinished)
        let copy = try SQLiteDatabase(path: unfinished, migrations: Installation.migrations)
        let summary = try await CopyObjects(
            database: copy, from: (try FileBlobStore(root: backup.path), try FileBlobStore(root: backup.archive)),
            to: (try FileBlobStore(root: data.blobs), try FileBlobStore(root: settings.archive)), label: "restore"
        ).run()
        try await copy.close()
        // The database comes last: a folder without it is no installation, and restoring can be begun again.
        try BackupFolder.rename(unfinished, to: data.database)
        print("\(summary.text) \(data.path) is ready for `berth serve`; `berth fsck --read-data` reads all of it.")
    }
}
