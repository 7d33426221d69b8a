import AWSCore

/// A command to a running server, over the socket in its data folder. It goes as one JSON document, ended by closing the
/// sending half; the answer comes the same way.
enum ControlCommand: Codable, Equatable, Sendable {
    /// Replaces the root access key of an account; nil: the default account.
    case resetRootKey(account: String?)
    /// Tells what the collector of garbage has before it, as JSON.
    case gcStatus
    /// Makes a further account; nil: with an id of chance.
    case createAccount(id: String?)
    case listAccounts
    /// Shows the docker tokens that live, the newest first.
    case listTokens(limit: Int)
    /// Takes back what was issued up to now.
    case revoke(Revocation)
    /// Gives a registered issuer keys, so that they need not be fetched; nil: they are fetched again.
    case setIssuerKeys(provider: String, keySet: String?)
    /// Asks for an alias of an account's public registry; nil: the default account.
    case requestAlias(String, account: String?)
    /// Decides on an alias that was asked for.
    case settleAlias(String, isGranted: Bool)
    case listAliases
    /// Tells whether a principal may do something, and which statement decides.
    case explain(AccessQuestion)

    /// A step of `berth lifecycle`.
    case lifecycle(LifecycleRequest)
    /// A step of `berth keys`.
    case keys(KeysRequest)
    /// A step of `berth backup`.
    case backup(BackupRequest)
    /// A step of `berth export`.
    case export(ExportRequest)
    /// A step of `berth import`.
    case bring(ImportRequest)

    /// To whom what is taken back was issued.
    enum Revocation: Codable, Equatable, Sendable {
        case token(String)
        case accessKey(String)
        /// By ARN.
        case principal(String)
    }
}

/// The answer to a `ControlCommand`.
enum ControlAnswer: Codable, Equatable, Sendable {
    /// What to print.
    case done(String)
    /// Why it was not done.
    case refused(String)

    /// The most bytes that a command or an answer can have.
    static let limit = 4 << 20
}
