import Foundation

/// The root access key as `berth env` reads it: the file is made when the key is, and the server never reads it.
struct RootCredentials: Equatable {
    let accessKeyID: String
    let secretAccessKey: String

    init(accessKeyID: String, secretAccessKey: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
    }

    /// What the file in `folder` says. Throws `Refusal` when it is gone.
    init(in folder: DataFolder) throws {
        guard let file = ProfileFile(contentsOf: folder.clientCredentials), let id = file["aws_access_key_id"],
            let secret = file["aws_secret_access_key"]
        else {
            throw Refusal(
                "There is no access key in \(folder.clientCredentials). If it was moved to a safe place, take it from there; "
                    + "if it is lost, make a new one with `berth account reset-root-key`.")
        }
        self.init(accessKeyID: id, secretAccessKey: secret)
    }

    /// Puts the key into the file at `path`, for the owner of the folder only.
    func write(to path: String) throws {
        let values = [(key: "aws_access_key_id", value: accessKeyID), (key: "aws_secret_access_key", value: secretAccessKey)]
        let comment = "The root access key of this account, shown nowhere else; works as AWS_SHARED_CREDENTIALS_FILE."
        try writePrivately(ProfileFile(values).text(comment: comment), to: path)
    }
}
