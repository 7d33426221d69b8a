import AWSCore
import Foundation
import RemoteKMS

/// Where keys are that are not held here.
struct KMSSettings: Sendable {
    let endpoint: String
    let region: Region
    /// The file of the access key.
    let credentials: String
    let authority: String?
    let key: String?
    let grantee: String?
    let cacheSeconds: Int

    /// Nil when no endpoint is named.
    init?(_ read: SettingReader, in data: DataFolder, region: Region) throws {
        guard let endpoint = try read.value(.kmsEndpoint, Settings.publicURL(_:)) else { return nil }
        self.endpoint = endpoint
        self.region = try read.value(.kmsRegion) { Region($0) } ?? region
        credentials = read.value(.kmsCredentials) ?? data.kmsCredentials
        authority = read.value(.kmsAuthority)
        key = read.value(.kmsKey)
        grantee = try read.value(.kmsGrantee) { ARN($0) == nil ? nil : $0 }
        cacheSeconds = try read.value(.kmsCache) { Int($0).flatMap { (0...300).contains($0) ? $0 : nil } } ?? 60
    }

    /// What the client of the service is told. Throws `Refusal` when the access key cannot be read.
    func remote() throws -> RemoteKMSSettings {
        guard let file = ProfileFile(contentsOf: credentials), let id = file["aws_access_key_id"], let secret = file["aws_secret_access_key"] else {
            throw Refusal(
                "The access key for \(endpoint) is not in \(credentials). Write aws_access_key_id and aws_secret_access_key there, one a line, "
                    + "or name the file by kms-credentials.")
        }
        return RemoteKMSSettings(
            endpoint: endpoint, region: region,
            credentials: RemoteCredentials(accessKeyID: id, secret: secret, sessionToken: file["aws_session_token"]), authorityFile: authority,
            defaultKey: key, grantee: grantee, cacheLife: .seconds(cacheSeconds))
    }
}
