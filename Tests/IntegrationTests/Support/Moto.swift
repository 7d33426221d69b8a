import AWSCore
import Foundation
import RemoteKMS
import Stores

/// moto's server on a port of this machine's loopback, for its KMS.
struct Moto: Sendable {
    let port: Int
    private let process: Process

    /// The Python environment that has it.
    static let environment = Checkout.root + "/.build/bench/venv"

    /// Makes `environment` unless it is there.
    static func install() async throws {
        try await Machine.onThisNetwork("scripts/clients/make-venv \(environment) scripts/benchmark/requirements.txt")
    }

    /// Starts a server and waits until it answers.
    static func start() async throws -> Moto {
        try await install()
        let port = Int.random(in: 20_000..<32_000)
        let command = Command(
            arguments: ["\(environment)/bin/moto_server", "-H", "127.0.0.1", "-p", "\(port)"], environment: ProcessInfo.processInfo.environment,
            output: Checkout.scratch + "/moto-\(port).log")
        let moto = Moto(port: port, process: try command.start { _ in })
        try await Machine.onThisNetwork(
            "for try in {1..300}; do curl -fsS http://127.0.0.1:\(port)/moto-api/ >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1")
        return moto
    }

    func stop() {
        resume()
        process.terminate()
    }

    /// Connections are taken and not answered until `resume`.
    func pause() { _ = process.suspend() }

    func resume() { _ = process.resume() }

    /// Makes a key; its ARN.
    func makeKey() async throws -> String { try await kms("create_key()['KeyMetadata']['Arn']") }

    /// What boto3's client of KMS says to `call`.
    @discardableResult
    func kms(_ call: String) async throws -> String {
        let script = """
            import boto3
            print(boto3.client('kms', endpoint_url='http://127.0.0.1:\(port)', region_name='us-east-1', aws_access_key_id='AKIAIOSFODNN7EXAMPLE', \
            aws_secret_access_key='secret').\(call))
            """
        let file = Checkout.scratch + "/moto-\(UUID().uuidString.prefix(8))"
        try script.write(toFile: file + ".py", atomically: true, encoding: .utf8)
        try await Machine.onThisNetwork("\(Self.environment)/bin/python \(file).py >\(file).txt")
        return text(of: file + ".txt").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs `body` with Berth's client of this server.
    func withKeys(cacheLife: Duration, grantee: String? = nil, _ body: (RemoteDataKeys) async throws -> Void) async throws {
        let settings = RemoteKMSSettings(
            endpoint: "http://127.0.0.1:\(port)", region: .usEast1,
            credentials: RemoteCredentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secret: "secret"), grantee: grantee, cacheLife: cacheLife)
        let transport = try HTTPTransport(settings)
        let service = RemoteService(settings, host: HTTPTransport.host(of: settings.endpoint) ?? "", transport: transport, clock: SystemClock())
        do {
            try await body(RemoteDataKeys(service, settings, clock: SystemClock()))
        } catch {
            try await transport.close()
            throw error
        }
        try await transport.close()
    }
}
