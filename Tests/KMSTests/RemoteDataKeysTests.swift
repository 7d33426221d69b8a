import AWSCore
import Foundation
import Stores
import Synchronization
import TestSupport
import Testing

@testable import RemoteKMS

/// The keys of a service elsewhere, against answers that are made up.
@Suite struct RemoteDataKeysTests {
    private static let key = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000000"
    private let context = ["aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/app"]
    private let clock = FixedClock()
    private let transport = ScriptedTransport()
    private let pauses = Pauses()

    private func keys(cacheLife: Duration = .seconds(60), grantee: String? = nil, defaultKey: String? = nil) throws -> RemoteDataKeys {
        let settings = RemoteKMSSettings(
            endpoint: "https://kms.test", region: try #require(Region("eu-west-1")),
            credentials: RemoteCredentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secret: "secret", sessionToken: "token"), defaultKey: defaultKey,
            grantee: grantee, cacheLife: cacheLife)
        let backOff = BackOff(random: { 0.5 }, sleep: { [pauses] in pauses.add($0) })
        return RemoteDataKeys(
            RemoteService(settings, host: "kms.test", transport: transport, clock: clock, backOff: backOff), settings, clock: clock)
    }

    private static let decrypted = #"{"Plaintext":"\#(Data(repeating: 7, count: 32).base64EncodedString())","KeyId":"\#(key)"}"#

    @Test func requestsAreSignedAndSayWhatIsMeant() async throws {
        transport.answers = [(200, Self.decrypted)]
        let plaintext = try await keys().decrypt([1, 2, 3], under: Self.key, context: context)
        #expect(plaintext == [UInt8](repeating: 7, count: 32))
        let request = try #require(transport.requests.first)
        let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { $1 }
        #expect(headers["X-Amz-Target"] == "TrentService.Decrypt")
        #expect(headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(headers["X-Amz-Security-Token"] == "token")
        #expect(
            headers["Authorization"]?.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/kms/aws4_request, SignedHeaders=content-type;host;") == true)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"CiphertextBlob":"AQID","EncryptionContext":{"aws:ecr:arn":"arn:aws:ecr:us-east-1:123456789012:repository/app"},"KeyId":"\#(Self.key)"}"#
        )
    }

    @Test func plaintextsAreRememberedForTheirTimeOnly() async throws {
        let keys = try keys()
        transport.answers = [(200, Self.decrypted), (200, Self.decrypted)]
        for _ in 0..<3 { _ = try await keys.decrypt([1], under: Self.key, context: context) }
        #expect(transport.requests.count == 1)
        clock.advance(by: .seconds(59))
        _ = try await keys.decrypt([1], under: Self.key, context: context)
        #expect(transport.requests.count == 1)
        clock.advance(by: .seconds(1))
        _ = try await keys.decrypt([1], under: Self.key, context: context)
        #expect(transport.requests.count == 2)
    }

    @Test func anotherContextIsAnotherDataKey() async throws {
        let keys = try keys()
        transport.answers = [(200, Self.decrypted), (400, #"{"__type":"InvalidCiphertextException"}"#)]
        _ = try await keys.decrypt([1], under: Self.key, context: context)
        let failure = await #expect(throws: KeyFailure.self) { try await keys.decrypt([1], under: Self.key, context: [:]) }
        #expect(failure?.code == .invalidCiphertext)
        #expect(transport.requests.count == 2)
    }

    @Test func nothingIsRememberedWhereThatIsSwitchedOff() async throws {
        let keys = try keys(cacheLife: .zero)
        transport.answers = [(200, Self.decrypted), (200, Self.decrypted)]
        for _ in 0..<2 { _ = try await keys.decrypt([1], under: Self.key, context: context) }
        #expect(transport.requests.count == 2)
    }

    @Test func whatTheServiceRefusesIsForgotten() async throws {
        let keys = try keys()
        transport.answers = [
            (200, Self.decrypted), (400, #"{"__type":"DisabledException","message":"is disabled."}"#),
            (400, #"{"__type":"DisabledException","message":"is disabled."}"#),
        ]
        _ = try await keys.decrypt([1], under: Self.key, context: context)
        for bytes: [UInt8] in [[2], [1]] {
            let failure = await #expect(throws: KeyFailure.self) { try await keys.decrypt(bytes, under: Self.key, context: context) }
            #expect(failure == KeyFailure(.disabled, "is disabled."))
        }
    }

    @Test func throttlingAndFailuresAreTriedAgainLaterAndLater() async throws {
        transport.answers = [
            (400, #"{"__type":"com.amazon#ThrottlingException","message":"Rate exceeded"}"#), (500, "<html>"), (503, "{}"), (200, Self.decrypted),
        ]
        _ = try await keys().decrypt([1], under: Self.key, context: context)
        #expect(pauses.all == [.milliseconds(25), .milliseconds(50), .milliseconds(100)])
    }

    @Test func anOutageEndsInAnError() async throws {
        let keys = try keys()
        transport.answers = []
        let failure = await #expect(throws: KeyFailure.self) { try await keys.decrypt([1], under: Self.key, context: context) }
        #expect(failure?.code == .unavailable)
        #expect(failure?.isTransient == true)
        #expect(transport.requests.count == 4)
        await #expect(throws: KeyFailure.self) { try await keys.checkHealth() }
    }

    @Test(arguments: [
        (400, #"{"__type":"AccessDeniedException","Message":"no"}"#, KeyFailure(.accessDenied, "no")),
        (400, #"{"__type":"NotFoundException","message":"no"}"#, KeyFailure(.notFound, "no")),
        (400, #"{"__type":"KMSInvalidStateException","message":"no"}"#, KeyFailure(.invalidState, "no")),
        (400, #"{"__type":"IncorrectKeyException","message":"no"}"#, KeyFailure(.incorrectKey, "no")),
        (400, #"{"__type":"SomethingNew","message":"no"}"#, KeyFailure(.validation, "SomethingNew: no")),
        (
            403, #"{"__type":"UnrecognizedClientException","message":"no"}"#,
            KeyFailure(.accessDenied, "The key management service refuses this server: UnrecognizedClientException: no")
        ),
    ])
    func refusalsAreNotTriedAgain(status: Int, body: String, expected: KeyFailure) async throws {
        transport.answers = [(status, body)]
        let keys = try keys()
        let failure = await #expect(throws: KeyFailure.self) { try await keys.generateDataKey(under: Self.key, context: context) }
        #expect(failure == expected)
        #expect(transport.requests.count == 1)
    }

    @Test func theStateOfAKeyIsRememberedForTheSameTime() async throws {
        let keys = try keys()
        let describe = { (state: String) in (200, #"{"KeyMetadata":{"Arn":"\#(Self.key)","KeyState":"\#(state)","KeyManager":"CUSTOMER"}}"#) }
        transport.answers = [describe("Enabled"), describe("Disabled")]
        for _ in 0..<3 { try await keys.requireUsable(Self.key, context: context) }
        clock.advance(by: .seconds(60))
        let failure = await #expect(throws: KeyFailure.self) { try await keys.requireUsable(Self.key, context: context) }
        #expect(failure?.code == .disabled)
        #expect(transport.requests.count == 2)
    }

    @Test func grantsAreMadeWhereThereIsAGrantee() async throws {
        #expect(try await keys().createGrant(on: Self.key, for: context, name: "n") == "none")
        #expect(transport.requests.isEmpty)
        let keys = try keys(grantee: "arn:aws:iam::123456789012:user/berth")
        transport.answers = [(200, #"{"GrantId":"g","GrantToken":"t"}"#), (400, #"{"__type":"NotFoundException"}"#)]
        #expect(try await keys.createGrant(on: Self.key, for: context, name: "n") == "g")
        try await keys.retireGrant("g", on: Self.key)
        #expect(transport.requests.count == 2)
    }

    @Test func aKeyOfOnesOwnMayStandForECRs() async throws {
        transport.answers = [(200, #"{"KeyMetadata":{"Arn":"\#(Self.key)","KeyState":"Enabled","KeyManager":"CUSTOMER"}}"#)]
        let key = try await keys(defaultKey: "alias/images").key("alias/aws/ecr", in: KeyPlace(account: "123456789012", region: "us-east-1"))
        #expect(key == KMSKey(arn: Self.key, state: .enabled))
        #expect(transport.requests.first.map { String(decoding: $0.body, as: UTF8.self) } == #"{"KeyId":"alias/images"}"#)
    }
}

/// Answers in the order of a list, and nothing after its end.
private final class ScriptedTransport: RemoteTransport {
    private struct State {
        var answers: [(Int, String)] = []
        var requests: [SignableRequest] = []
    }

    private let state = Mutex(State())

    var answers: [(Int, String)] {
        get { state.withLock { $0.answers } }
        set { state.withLock { $0.answers = newValue } }
    }

    var requests: [SignableRequest] { state.withLock { $0.requests } }

    func post(_ request: SignableRequest) async throws -> (status: Int, body: [UInt8]) {
        try state.withLock { state in
            state.requests.append(request)
            guard !state.answers.isEmpty else { throw TestSetupError("connection refused") }
            let answer = state.answers.removeFirst()
            return (answer.0, Array(answer.1.utf8))
        }
    }
}

/// The pauses that were made.
private final class Pauses: Sendable {
    private let made = Mutex<[Duration]>([])

    var all: [Duration] { made.withLock { $0 } }

    func add(_ pause: Duration) { made.withLock { $0.append(pause) } }
}
