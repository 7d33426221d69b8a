/// A key management service, as far as the registry uses one: it gives data keys under KMS keys and opens them again.
///
/// One implementation is for the keys that are held here, another for a service elsewhere. Every call that uses a key asks for the state
/// that the key has now: one that is disabled, waits for its deletion or is gone opens nothing. All methods throw `KeyFailure`
/// for what the service says.
package protocol DataKeys: Sendable {
    /// The KMS key that `name` means in `place`: a key id, a key's ARN, an alias `alias/…`, an alias' ARN. The alias `alias/aws/ecr` is there
    /// wherever it is asked for. Also of keys that are disabled or wait for their deletion: see `KMSKey.state`.
    func key(_ name: String, in place: KeyPlace) async throws -> KMSKey

    /// A fresh data key under the KMS key of this ARN, bound to `context`.
    func generateDataKey(under key: String, context: EncryptionContext) async throws -> DataKey

    /// The data key that `generateDataKey` wrapped under the KMS key `key` with the same `context`. A rotation of the KMS key changes nothing.
    func decrypt(_ wrapped: [UInt8], under key: String, context: EncryptionContext) async throws -> [UInt8]

    /// `wrapped` under another KMS key, or another context, or the newest material of the same key; the data key itself stays with the service.
    func reEncrypt(
        _ wrapped: [UInt8], from key: String, _ context: EncryptionContext, to newKey: String, _ newContext: EncryptionContext
    ) async throws -> [UInt8]

    /// Passes while `decrypt` would open what lies under the KMS key `key` with `context`: asked again and again while a stream goes on, so it
    /// is cheap.
    func requireUsable(_ key: String, context: EncryptionContext) async throws

    /// Lets the registry use the KMS key `key` for data keys whose context has all of `context`, until the grant is retired; its id.
    func createGrant(on key: String, for context: EncryptionContext, name: String) async throws -> String

    /// Takes back what `createGrant` gave. A grant that is gone is no error.
    func retireGrant(_ grant: String, on key: String) async throws

    /// Passes when the service answers.
    func checkHealth() async throws
}

/// What a data key is bound to, name by name: whoever opens it must say the same.
package typealias EncryptionContext = [String: String]

/// Where names of keys are looked up.
package struct KeyPlace: Hashable, Sendable {
    /// Twelve digits.
    package let account: String
    package let region: String

    package init(account: String, region: String) {
        self.account = account
        self.region = region
    }
}

/// A KMS key.
package struct KMSKey: Hashable, Sendable {
    /// What can be done with a key; the raw values are those of the KMS API.
    package enum State: String, Hashable, Sendable, CaseIterable {
        case enabled = "Enabled"
        case disabled = "Disabled"
        case pendingDeletion = "PendingDeletion"
        case pendingImport = "PendingImport"
        case creating = "Creating"
        case updating = "Updating"
        case unavailable = "Unavailable"
        case pendingReplicaDeletion = "PendingReplicaDeletion"
    }

    /// `arn:aws:kms:<region>:<account>:key/<id>`
    package let arn: String
    package let state: State
    /// True of the keys that the service makes by itself, such as that of `alias/aws/ecr`.
    package let isManagedByAWS: Bool

    package init(arn: String, state: State, isManagedByAWS: Bool = false) {
        self.arn = arn
        self.state = state
        self.isManagedByAWS = isManagedByAWS
    }
}

/// A data key, and the form in which it is stored.
package struct DataKey: Sendable {
    /// 32 bytes.
    package let plaintext: [UInt8]
    /// At most 6,144 bytes, which only the service can open.
    package let wrapped: [UInt8]

    package init(plaintext: [UInt8], wrapped: [UInt8]) {
        self.plaintext = plaintext
        self.wrapped = wrapped
    }
}

/// Why a key management service did not do what it was asked for.
package struct KeyFailure: Error, Hashable, CustomStringConvertible {
    /// The errors of the KMS API; those of the uses that ECR makes of a key are what it passes on as `kmsError`.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case alreadyExists = "AlreadyExistsException"
        case conflict = "ConflictException"
        /// The request would have succeeded, had it not been for `DryRun`.
        case dryRun = "DryRunOperationException"
        case invalidAliasName = "InvalidAliasNameException"
        case invalidGrantID = "InvalidGrantIdException"
        case invalidMarker = "InvalidMarkerException"
        case malformedPolicy = "MalformedPolicyDocumentException"
        case tag = "TagException"
        case unsupported = "UnsupportedOperationException"
        case validation = "ValidationException"
        case accessDenied = "AccessDeniedException"
        case notFound = "NotFoundException"
        case disabled = "DisabledException"
        /// Among others: the key waits for its deletion.
        case invalidState = "KMSInvalidStateException"
        case keyUnavailable = "KeyUnavailableException"
        case incorrectKey = "IncorrectKeyException"
        /// The bytes are none of this service's, or belong to another context.
        case invalidCiphertext = "InvalidCiphertextException"
        case invalidKeyUsage = "InvalidKeyUsageException"
        case invalidARN = "InvalidArnException"
        case invalidGrantToken = "InvalidGrantTokenException"
        case limitExceeded = "LimitExceededException"
        case throttled = "ThrottlingException"
        case dependencyTimeout = "DependencyTimeoutException"
        /// The service failed, or cannot be reached.
        case unavailable = "KMSInternalException"
    }

    package let code: Code
    /// The service's sentence; for the caller too.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// True when the same call may succeed a little later without anybody changing a key.
    package var isTransient: Bool {
        switch code {
        case .throttled, .dependencyTimeout, .unavailable, .keyUnavailable: true
        default: false
        }
    }

    package var description: String { "\(code.rawValue): \(message)" }
}

/// No key management service at all: there are no keys.
package struct NoDataKeys: DataKeys {
    package init() {}

    private var failure: KeyFailure { KeyFailure(.unavailable, "There is no key management service.") }

    package func key(_ name: String, in place: KeyPlace) throws -> KMSKey { throw failure }
    package func generateDataKey(under key: String, context: EncryptionContext) throws -> DataKey { throw failure }
    package func decrypt(_ wrapped: [UInt8], under key: String, context: EncryptionContext) throws -> [UInt8] { throw failure }
    package func reEncrypt(
        _ wrapped: [UInt8], from key: String, _ context: EncryptionContext, to newKey: String, _ newContext: EncryptionContext
    ) throws -> [UInt8] { throw failure }
    package func requireUsable(_ key: String, context: EncryptionContext) throws { throw failure }
    package func createGrant(on key: String, for context: EncryptionContext, name: String) throws -> String { throw failure }
    package func retireGrant(_ grant: String, on key: String) throws { throw failure }
    package func checkHealth() throws {}
}
