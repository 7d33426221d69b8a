import AWSCore
import Foundation

/// The folder that holds everything an installation keeps (`docs/storage-layout.md`).
struct DataFolder: Hashable, Sendable {
    /// Absolute.
    let path: String

    /// The folder that `text` names; `~` is the home of who runs this, and what is relative is so to the current folder.
    init(path text: String) { path = URL(fileURLWithPath: (text as NSString).expandingTildeInPath).standardizedFileURL.path }

    /// Held by the one process that works on the folder.
    var lock: String { path + "/lock" }
    var rootKey: String { path + "/root.key" }
    /// What a passphrase is mixed with.
    var rootSalt: String { path + "/root.salt" }
    /// The root key under a key of a service elsewhere.
    var rootCiphertext: String { path + "/root.key.kms" }
    /// What signs events that are posted.
    var webhookSecret: String { path + "/webhook.secret" }
    /// The access key for a key management service elsewhere.
    var kmsCredentials: String { path + "/kms.credentials" }
    var database: String { path + "/berth.sqlite" }
    /// Where the blob store keeps `blobs` and `uploads`.
    var blobs: String { path }
    /// Where the blobs of archived images lie, unless the settings say otherwise.
    var archive: String { path + "/archive" }
    /// Where a running server takes commands.
    var socket: String { path + "/berth.sock" }
    /// The first root access key, in the form of AWS's shared credentials file; the server never reads it.
    var clientCredentials: String { path + "/client-credentials" }
    /// The same of another account than the default one.
    func clientCredentials(of account: AccountID) -> String { path + "/client-credentials-\(account)" }
    /// Endpoint and region of the server as last started, in the form of AWS's config file.
    var clientConfig: String { path + "/client-config" }
    /// Marks the plain endpoint as insecure for podman, buildah and skopeo.
    var registriesConf: String { path + "/registries.conf" }
    /// What `berth tls init` makes.
    var tls: String { path + "/tls" }
    var authorityCertificate: String { tls + "/ca.crt" }
    var authorityKey: String { tls + "/ca.key" }
    var serverCertificate: String { tls + "/server.crt" }
    var serverKey: String { tls + "/server.key" }

    /// Makes the folder, for its owner only, unless it is there.
    func create() throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Refusal("The data folder \(path) cannot be made: \(error.localizedDescription)")
        }
    }

    /// Throws `Refusal` unless a server was started on the folder before.
    func requireInstallation() throws {
        guard FileManager.default.fileExists(atPath: database) else {
            throw Refusal("There is no installation in \(path). Start `berth serve` first, or name the folder with --data.")
        }
    }

    /// Throws `Refusal` when there is the log of a database that is not there: SQLite would take it for that of a new one.
    func requireNoLog() throws {
        guard !FileManager.default.fileExists(atPath: database + "-wal") else {
            throw Refusal("The database \(database) is not there, but its log \(database)-wal is: bring the one back, or move the other away.")
        }
    }

    /// Throws `Refusal` when the database is not there and something is that belongs to one, so that nobody goes on with nothing in its place.
    func requireDatabaseOfObjects() throws {
        guard !FileManager.default.fileExists(atPath: database) else { return }
        try requireNoLog()
        let objects = FileManager.default.enumerator(atPath: path + "/blobs")
        while objects?.nextObject() != nil {
            guard objects?.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            throw Refusal(
                "There is no database in \(path), but there are the objects of one. Bring \(database) back; give `berth restore` again, if it was not finished; or name another folder with --data."
            )
        }
    }
}
