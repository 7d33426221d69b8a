import Testing

/// The arrows between the modules: `docs/architecture.md` draws them, this is what holds them.
@Suite struct ImportTests {
    /// Which modules of this package each module may import.
    static let arrows: [String: Set<String>] = [
        "JSONText": [],
        "OCI": ["CLibCrypto", "JSONText"],
        "AWSCore": [],
        "IAM": ["AWSCore", "JSONText"],
        "Lifecycle": ["JSONText"],
        "Stores": ["OCI"],
        "SealedObjects": ["CLibCrypto"],
        "RegistryCore": ["Lifecycle", "OCI", "AWSCore", "IAM", "Stores", "SealedObjects", "CLibCrypto", "CProcessors", "CZlib"],
        "Identity": ["IAM", "AWSCore", "Stores"],
        "KMS": ["IAM", "AWSCore", "OCI", "Stores"],
        "KMSAPI": ["KMS", "Identity", "IAM", "AWSCore", "OCI", "Stores"],
        "RemoteKMS": ["AWSCore", "Stores"],
        "OutboundNetwork": [],
        "OpenIDDiscovery": ["Identity", "OutboundNetwork"],
        "EventDelivery": ["RegistryCore", "OutboundNetwork", "Stores"],
        "Authorization": ["RegistryCore", "Identity", "IAM", "AWSCore", "OCI", "Stores"],
        "ECRAPI": ["RegistryCore", "Lifecycle", "Identity", "IAM", "AWSCore", "OCI", "Stores"],
        "IAMAPI": ["Identity", "IAM", "AWSCore", "Stores"],
        "DistributionAPI": ["RegistryCore", "IAM", "OCI", "AWSCore", "Stores"],
        "SQLiteDatabase": ["Stores", "CWriteAheadLog"],
        "FileBlobStore": ["Stores", "CFileSystem"],
        "LocalKeyProvider": ["Stores"],
        "HTTPEdge": ["CProcessors", "ECRAPI", "IAMAPI", "KMSAPI", "DistributionAPI", "RegistryCore", "Identity", "IAM", "AWSCore", "OCI", "Stores"],
        "Workers": ["RegistryCore", "Identity", "KMS", "Stores"],
        "berth": everything,
        "TestSupport": everything.subtracting(["berth", "TestSupport"]),
    ]

    static let everything: Set<String> = [
        "CFileSystem", "JSONText", "Lifecycle", "SealedObjects", "OCI", "AWSCore", "IAM", "Stores", "RegistryCore", "Identity", "KMS", "KMSAPI",
        "RemoteKMS", "Authorization", "ECRAPI",
        "IAMAPI",
        "DistributionAPI",
        "SQLiteDatabase",
        "FileBlobStore", "LocalKeyProvider", "OpenIDDiscovery", "OutboundNetwork", "EventDelivery", "HTTPEdge", "Workers", "CLibCrypto",
        "CMemory", "CProcessors", "CWriteAheadLog", "CZlib",
    ]

    /// Libraries of others that only these modules may import, by how their modules' names begin.
    static let libraries: [String: Set<String>] = [
        "Hummingbird": ["HTTPEdge"],
        "NIOSSL": ["HTTPEdge", "OpenIDDiscovery", "EventDelivery", "RemoteKMS"],
        "NIOHTTP": ["HTTPEdge"],
        "GRDB": ["SQLiteDatabase"],
        "NIOPosix": ["SQLiteDatabase", "FileBlobStore", "HTTPEdge", "OutboundNetwork", "EventDelivery", "berth"],
        "ArgumentParser": ["berth"],
        "AsyncHTTPClient": ["OpenIDDiscovery", "EventDelivery", "RemoteKMS"],
        "JWTKit": ["Identity"],
        "Yams": ["berth"],
        "X509": ["berth"],
        "XMLCoder": ["AWSCore"],
        "Testing": [],
        "XCTest": [],
    ]

    @Test func everyModuleIsInTheTable() throws {
        let modules = Set(try SourceFile.all().map(\.module))
        #expect(modules.count > 10)
        #expect(modules.subtracting(Self.arrows.keys).sorted() == [])
        #expect(Set(Self.arrows.keys).subtracting(modules).sorted() == [], "the table names modules that are not there")
    }

    @Test func importsFollowTheArrows() throws {
        var broken: [String] = []
        for file in try SourceFile.all() {
            let allowed = Self.arrows[file.module, default: []]
            for imported in file.imports.sorted() where Self.everything.contains(imported) || imported == "TestSupport" {
                if imported != file.module, !allowed.contains(imported) { broken.append("\(file) imports \(imported)") }
            }
        }
        #expect(broken == [])
    }

    @Test func librariesStayWhereTheyBelong() throws {
        var broken: [String] = []
        for file in try SourceFile.all() {
            for imported in file.imports.sorted() {
                for (library, modules) in Self.libraries where imported.hasPrefix(library) && !modules.contains(file.module) {
                    broken.append("\(file) imports \(imported)")
                }
            }
        }
        #expect(broken == [])
    }

    @Test func thereIsNoCircle() {
        var settled: Set<String> = ["CFileSystem", "CLibCrypto", "CMemory", "CProcessors", "CWriteAheadLog", "CZlib"]
        var open = Self.arrows
        while let next = open.first(where: { $0.value.isSubset(of: settled.union([$0.key])) }) {
            settled.insert(next.key)
            open[next.key] = nil
        }
        #expect(open.keys.sorted() == [])
    }
}
