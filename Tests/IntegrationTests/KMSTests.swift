import AWSCore
import Foundation
import RemoteKMS
import Stores
import Testing

extension IntegrationTests {
    /// The KMS API by boto3, and the keys of another service, moto's.
    @Suite struct KMSTests {
        @Test func walksTheWholeAPI() async throws {
            try await Berth.with { berth in
                let walked = try await berth.shell("python3 $CLIENTS/walk-kms.py")
                #expect(walked == "walked")
            }
        }

        @Test func usesTheKeysOfAnotherService() async throws {
            let moto = try await Moto.start()
            defer { moto.stop() }
            let context = ["aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/app"]
            try await moto.withKeys(cacheLife: .zero, grantee: "arn:aws:iam::123456789012:user/berth") { keys in
                let key = try await keys.key(try await moto.makeKey(), in: KeyPlace(account: "123456789012", region: "us-east-1"))
                #expect(key.state == .enabled)
                let grant = try await keys.createGrant(on: key.arn, for: context, name: "ecr-1")
                let dataKey = try await keys.generateDataKey(under: key.arn, context: context)
                #expect(try await keys.decrypt(dataKey.wrapped, under: key.arn, context: context) == dataKey.plaintext)
                await expect(.invalidCiphertext) { _ = try await keys.decrypt(dataKey.wrapped, under: key.arn, context: [:]) }

                let other = try await keys.key(try await moto.makeKey(), in: KeyPlace(account: "123456789012", region: "us-east-1")).arn
                let moved = try await keys.reEncrypt(dataKey.wrapped, from: key.arn, context, to: other, context)
                #expect(try await keys.decrypt(moved, under: other, context: context) == dataKey.plaintext)
                try await keys.retireGrant(grant, on: key.arn)
                try await keys.retireGrant(grant, on: key.arn)
                await expect(.notFound) {
                    _ = try await keys.key("alias/nothing", in: KeyPlace(account: "123456789012", region: "us-east-1"))
                }
                try await keys.checkHealth()
            }
        }

        @Test func aDisabledKeyIsNoticedWhenTheCacheHasLived() async throws {
            let moto = try await Moto.start()
            defer { moto.stop() }
            let key = try await moto.makeKey()
            // moto takes no ARN for this.
            let id = key.split(separator: "/").last.map(String.init) ?? ""
            try await moto.withKeys(cacheLife: .seconds(2)) { keys in
                let dataKey = try await keys.generateDataKey(under: key, context: [:])
                try await keys.requireUsable(key, context: [:])
                try await moto.kms("disable_key(KeyId='\(id)')")
                let disabled = ContinuousClock.now
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
                // moto itself decrypts under disabled keys, as AWS does not: what it says of the key's state is what counts.
                await eventually { await failure { try await keys.requireUsable(key, context: [:]) } == .disabled }
                #expect(ContinuousClock.now - disabled < .seconds(10))
                try await moto.kms("enable_key(KeyId='\(id)')")
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
            }
        }

        @Test func anOutageIsAnErrorAndPasses() async throws {
            let moto = try await Moto.start()
            defer { moto.stop() }
            let key = try await moto.makeKey()
            try await moto.withKeys(cacheLife: .seconds(2)) { keys in
                let dataKey = try await keys.generateDataKey(under: key, context: [:])
                moto.pause()
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
                await eventually(within: .seconds(60)) {
                    await failure { _ = try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) } == .unavailable
                }
                moto.resume()
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
            }
        }

        private func expect(_ code: KeyFailure.Code, _ body: () async throws -> Void, location: SourceLocation = #_sourceLocation) async {
            #expect(await failure(body) == code, sourceLocation: location)
        }

        private func failure(_ body: () async throws -> Void) async -> KeyFailure.Code? {
            do {
                try await body()
                return nil
            } catch let failure as KeyFailure {
                return failure.code
            } catch {
                Issue.record(error)
                return nil
            }
        }

        private func eventually(within limit: Duration = .seconds(10), _ condition: () async -> Bool, location: SourceLocation = #_sourceLocation)
            async
        {
            let end = ContinuousClock.now + limit
            while ContinuousClock.now < end {
                if await condition() { return }
                await Task.yield()
            }
            Issue.record("it did not come about", sourceLocation: location)
        }
    }
}
