import AWSCore
import Foundation
import Stores

/// Carries requests to a service and its answers back.
package protocol RemoteTransport: Sendable {
    /// The status and body of the answer to a POST of `request` to its path. Throws when there is none.
    func post(_ request: SignableRequest) async throws -> (status: Int, body: [UInt8])
}

/// Calls of the KMS API: signed, and repeated when that may help.
package struct RemoteService: Sendable {
    private let transport: any RemoteTransport
    private let host: String
    private let signer: SigV4Signer
    private let clock: any WallClock
    private let backOff: BackOff

    /// `host` is what the service is called in requests, with its port.
    package init(_ settings: RemoteKMSSettings, host: String, transport: any RemoteTransport, clock: any WallClock, backOff: BackOff = BackOff()) {
        self.transport = transport
        self.host = host
        self.clock = clock
        self.backOff = backOff
        signer = SigV4Signer(
            accessKeyID: settings.credentials.accessKeyID, secret: settings.credentials.secret, sessionToken: settings.credentials.sessionToken,
            region: settings.region, service: "kms")
    }

    /// The answer of an operation. Throws `KeyFailure`.
    func call<Answer: Decodable>(_ operation: String, _ input: some JSONObject) async throws -> Answer {
        var writer = JSONWriter()
        writer.value(input)
        let body = writer.bytes
        for attempt in 1... {
            do {
                return try await attemptCall(operation, body)
            } catch let failure as KeyFailure where failure.isTransient && attempt < backOff.attempts {
                try await backOff.pause(after: attempt)
            }
        }
        throw KeyFailure(.unavailable, "\(operation) was not answered.")
    }

    private func attemptCall<Answer: Decodable>(_ operation: String, _ body: [UInt8]) async throws -> Answer {
        let request = SignableRequest(
            method: "POST", path: "/",
            headers: [
                ("Host", host), ("Content-Type", AWSJSON.contentType), ("X-Amz-Target", "TrentService.\(operation)"),
            ], body: body)
        // A request that is repeated is signed anew: signatures have a time.
        let signed = signer.sign(request, now: clock.now.milliseconds)
        let answer: (status: Int, body: [UInt8])
        do {
            answer = try await transport.post(signed)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw KeyFailure(.unavailable, "The key management service cannot be reached: \(String(describing: error))")
        }
        guard answer.status == 200 else { throw RemoteRefusal.failure(answer.status, answer.body) }
        do {
            return try JSONDecoder().decode(Answer.self, from: answer.body.isEmpty ? Data("{}".utf8) : Data(answer.body))
        } catch {
            throw KeyFailure(.unavailable, "The key management service answered \(operation) with something else.")
        }
    }
}

/// How often a call is repeated, and how long after.
package struct BackOff: Sendable {
    /// The first try included.
    let attempts: Int
    private let first: Duration
    private let longest: Duration
    /// Of 0 up to 1.
    private let random: @Sendable () -> Double
    private let sleep: @Sendable (Duration) async throws -> Void

    package init(
        attempts: Int = 4, first: Duration = .milliseconds(50), longest: Duration = .seconds(1),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.attempts = attempts
        self.first = first
        self.longest = longest
        self.random = random
        self.sleep = sleep
    }

    /// Waits a random part of a time that doubles with each attempt, so that many callers do not come back at once.
    func pause(after attempt: Int) async throws {
        let most = min(first * (1 << min(attempt - 1, 10)), longest)
        try await sleep(most * random())
    }
}
