import LocalKeyProvider
import Stores
import TestSupport
import Testing

/// What every key provider keeps, whatever its root key is.
@Suite("Key providers") struct KeyProviderContractTests {
    enum Provider: CaseIterable {
        case file, memory

        func make() throws -> any KeyProvider {
            switch self {
            case .file:
                // Read once, so the folder may go afterwards.
                let folder = try TemporaryFolder()
                return try withExtendedLifetime(folder) { try RootKeyFile(path: folder.file("root.key"), mayCreate: true, warn: { _ in }) }
            case .memory: return InMemoryKeyProvider()
            }
        }
    }

    @Test("Give back what was sealed", arguments: Provider.allCases) func roundTrip(_ provider: Provider) throws {
        let keys = try provider.make()
        for secret in [[], [0], Array("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".utf8), [UInt8](repeating: 7, count: 100_000)] {
            let sealed = try keys.seal(secret, for: "a purpose")
            #expect(try keys.unseal(sealed, for: "a purpose") == secret)
            #expect(try keys.seal(secret, for: "a purpose") != sealed)
            if secret.count > 8 { #expect(!sealed.contains(secret)) }
        }
    }

    @Test("Open for no other purpose and with no other root key", arguments: Provider.allCases) func others(_ provider: Provider) throws {
        let keys = try provider.make()
        let sealed = try keys.seal([1, 2, 3], for: "access key A")
        for purpose in ["access key B", "access key ", "", "access key A "] {
            #expect(throws: SealError.self) { try keys.unseal(sealed, for: purpose) }
        }
        let others = try provider.make()
        #expect(throws: SealError.self) { try others.unseal(sealed, for: "access key A") }
    }

    @Test("Refuse any changed bit and any other length", arguments: Provider.allCases) func tampering(_ provider: Provider) throws {
        let keys = try provider.make()
        let sealed = try keys.seal(Array("secret".utf8), for: "p")
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(throws: SealError.self) { try keys.unseal(changed, for: "p") }
            }
            #expect(throws: SealError.self) { try keys.unseal(Array(sealed[..<index]), for: "p") }
        }
        #expect(throws: SealError.self) { try keys.unseal(sealed + [0], for: "p") }
    }
}
