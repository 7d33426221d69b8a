/// A setting of `berth serve`. One name gives all its spellings: `--listen-tls` on the command line, `BERTH_LISTEN_TLS` in
/// the environment, `listen-tls` in the YAML file.
struct Setting: Hashable, Sendable {
    /// How a setting is written.
    enum Form: Hashable, Sendable {
        /// One value.
        case value
        /// Given several times, or once with commas; a sequence in the YAML file.
        case list
        /// `true` or `false`; on the command line the bare flag means true.
        case flag
    }

    let name: String
    let form: Form
    /// What stands for the value in the help, such as `HOST:PORT`.
    let placeholder: String
    /// What holds when nobody sets it, in words for the documentation.
    let fallback: String
    /// One sentence without its final stop.
    let summary: String

    private init(_ name: String, _ placeholder: String = "", of form: Form = .value, default fallback: String, _ summary: String) {
        self.name = name
        self.form = form
        self.placeholder = placeholder
        self.fallback = fallback
        self.summary = summary
    }

    /// Its name in the environment.
    var environmentName: String { "BERTH_" + name.uppercased().replacing("-", with: "_") }
}

/// The one list of settings; `docs/configuration.md` is checked against it.
extension Setting {
    static let all: [Setting] = [
        data, listen, listenTLS, tlsCertificate, tlsKey, account, region, regions, publicURL, domain, publicHost, publicListen,
        trustedProxy, allowPlaintext, bearerTokens, fullTokenLife, issuerAuthority, issuerNetwork, verifyReads, scrubRate, archive,
        eventFile, eventWebhook, eventWebhookSecret, eventWebhookNetwork, limit, rates, rate, rootKey, rootPassphrase, rootKMSKey, encryption,
        kmsEndpoint, kmsRegion, kmsCredentials, kmsAuthority, kmsKey, kmsGrantee, kmsCache, logLevel, logFormat,
    ]

    static let data = Setting(
        "data", "FOLDER", default: "`~/.local/share/berth`",
        "The data folder: database, blobs, root key and first credentials. It is made when it is not there, for its owner only")
    static let listen = Setting(
        "listen", "HOST:PORT", of: .list, default: "`localhost:5000`, or none when `listen-tls` is set",
        "Where to listen for plain HTTP; `localhost` is both 127.0.0.1 and ::1, port 0 a free one")
    static let listenTLS = Setting(
        "listen-tls", "HOST:PORT", of: .list, default: "none",
        "Where to listen for HTTPS with HTTP/1.1 and HTTP/2")
    static let tlsCertificate = Setting(
        "tls-certificate", "FILE", default: "what `berth tls init` made in the data folder",
        "The PEM file of the server's certificate and the chain above it; read again when it changes")
    static let tlsKey = Setting(
        "tls-key", "FILE", default: "what `berth tls init` made in the data folder",
        "The PEM file of the private key of `tls-certificate`; read again when it changes")
    static let account = Setting(
        "account", "ID", default: "`000000000000`",
        "The account whose registry this is: twelve digits, fixed in the data folder by the first start")
    static let region = Setting(
        "region", "NAME", default: "`us-east-1`",
        "The region of callers that name none")
    static let regions = Setting(
        "regions", "NAME", of: .list, default: "every region",
        "The regions that have registries here; a request for another one is refused")
    static let publicURL = Setting(
        "public-url", "URL", default: "the address by which each request came",
        "Where clients reach this server, for the addresses in answers and for `berth env`")
    static let domain = Setting(
        "domain", "HOST=ACCOUNT/REGION", of: .list, default: "none",
        "A host name of your own for the registry of an account in a region, for docker and its like")
    static let publicHost = Setting(
        "public-host", "HOST[:PORT]", default: "`public.ecr.aws`, which always works besides",
        "The host name by which public registries are reached: images are `HOST/ALIAS/REPOSITORY`")
    static let publicListen = Setting(
        "public-listen", "HOST:PORT", of: .list, default: "none",
        "Where to listen for public registries alone, where a name of their own is a burden; HTTPS when `listen-tls` is set")
    static let trustedProxy = Setting(
        "trusted-proxy", "CIDR", of: .list, default: "none",
        "Peers whose `X-Forwarded-For`, `-Proto` and `-Host` headers are believed")
    static let allowPlaintext = Setting(
        "allow-plaintext", of: .flag, default: "`false`",
        "Permit plain HTTP beyond this machine; passwords and images then cross the network unprotected")
    static let bearerTokens = Setting(
        "bearer-tokens", of: .flag, default: "`false`",
        "Ask docker clients for Bearer tokens, not the password, so that its classic image store pulls without login what is open to all")
    static let fullTokenLife = Setting(
        "full-token-life", of: .flag, default: "`false`",
        "Let docker passwords live 12 hours also when the session that asks for them ends sooner")
    static let issuerAuthority = Setting(
        "issuer-authority", "FILE", default: "the system's authorities alone",
        "A PEM file of further authorities to trust when the keys of OpenID Connect issuers are fetched")
    static let issuerNetwork = Setting(
        "issuer-network", "CIDR", of: .list, default: "public addresses alone",
        "Private addresses at which OpenID Connect issuers may be asked for their keys")
    static let verifyReads = Setting(
        "verify-reads", "WHEN", default: "`hourly`",
        "When a whole blob is hashed while it is read: always, hourly (when it was not within the last hour) or never")
    static let scrubRate = Setting(
        "scrub-rate", "MIB", default: "`10`",
        "How many MiB a second are read in the background to find damaged blobs, in a pass over all of them each week; 0 for none")
    static let archive = Setting(
        "archive", "FOLDER", default: "`archive` in the data folder",
        "Where the layers lie that only archived images need, compressed; another device makes room on that of the data folder")
    static let eventFile = Setting(
        "event-file", "FILE", default: "none",
        "Where to append events, one JSON object a line")
    static let eventWebhook = Setting(
        "event-webhook", "URL", default: "none",
        "Where to post events, one by one, signed")
    static let eventWebhookSecret = Setting(
        "event-webhook-secret", "FILE", default: "`webhook.secret` in the data folder, made when it is not there",
        "The secret by which the receiver of `event-webhook` knows that an event is from here: what the file holds, at least 16 bytes")
    static let eventWebhookNetwork = Setting(
        "event-webhook-network", "CIDR", of: .list, default: "public addresses alone",
        "Private addresses at which the receiver of `event-webhook` may be")
    static let limit = Setting(
        "limit", "NAME=NUMBER", of: .list, default: "ECR's",
        "A size or count that Berth enforces, such as `images-per-repository=5000` or `bytes-per-account=2TiB`; `docs/quotas.md` lists them")
    static let rates = Setting(
        "rates", "PRESET", default: "`generous`",
        "How often a principal may do what: generous (pulls without limit), ecr (as ECR), or none (no limits)")
    static let rate = Setting(
        "rate", "ACTION=NUMBER", of: .list, default: "those of `rates`",
        "How often a second a principal may do an action of ECR, such as `PutImage=50`, or `PutImage=50/200` to permit 200 at once")
    static let rootKey = Setting(
        "root-key", "FILE", default: "`root.key` in the data folder",
        "The key that seals secrets in the database; keep it elsewhere to make a stolen copy of the data folder useless")
    static let rootPassphrase = Setting(
        "root-passphrase", "FILE", default: "none: `root-key` holds the key itself",
        "A file with a passphrase of which the root key is made, such as a systemd credential; its salt is `root.salt` in the data folder")
    static let rootKMSKey = Setting(
        "root-kms-key", "KEY", default: "none: `root-key` holds the key itself",
        "A key of `kms-endpoint`, by id, ARN or alias, under which the root key lies in `root.key.kms` in the data folder; it is asked for at each start"
    )
    static let encryption = Setting(
        "encryption", "STATE", default: "`on`",
        "Whether what is pushed is encrypted: on, or off where the volume is encrypted already; what is stored stays readable either way")
    static let kmsEndpoint = Setting(
        "kms-endpoint", "URL", default: "the keys that are held here",
        "A key management service that speaks the API of AWS KMS, for the keys of repositories that are not held here")
    static let kmsRegion = Setting(
        "kms-region", "NAME", default: "that of `region`",
        "The region for which requests to `kms-endpoint` are signed")
    static let kmsCredentials = Setting(
        "kms-credentials", "FILE", default: "`kms.credentials` in the data folder",
        "The access key for `kms-endpoint`, in the form of AWS's credentials file; read at the start")
    static let kmsAuthority = Setting(
        "kms-authority", "FILE", default: "the system's authorities alone",
        "A PEM file of further authorities to trust for `kms-endpoint`")
    static let kmsKey = Setting(
        "kms-key", "KEY", default: "`alias/aws/ecr`",
        "The key of `kms-endpoint`, by id, ARN or alias, for repositories under KMS that name none")
    static let kmsGrantee = Setting(
        "kms-grantee", "ARN", default: "none: the service's policies let the access key use the keys",
        "Whose the access key is at `kms-endpoint`, so that each repository has a grant for it there")
    static let kmsCache = Setting(
        "kms-cache", "SECONDS", default: "`60`",
        "How long data keys of `kms-endpoint` are remembered, 0 to 300: so long its outage, or a disabled key, may go unnoticed")
    static let logLevel = Setting(
        "log-level", "LEVEL", default: "`info`",
        "The least severe lines to log: trace, debug, info, notice, warning, error or critical")
    static let logFormat = Setting(
        "log-format", "FORMAT", default: "`text`",
        "How log lines on standard error look: text (key=value) or json (one object a line)")
}
