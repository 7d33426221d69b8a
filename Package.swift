// swift-tools-version:6.2
import PackageDescription

/// Where the compiler keeps libFuzzer, when `scripts/fuzz` builds: then all is compiled so that it tells which ways an input took.
let fuzzer = Context.environment["BERTH_LIBFUZZER"]

let strict: [SwiftSetting] =
    [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
    ] + (fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])])

/// A library target of this package: its folder is `Sources/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test target of this package: its folder is `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: strict)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "berth",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "berth", targets: ["berth"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        module("JSONText"),
        module("OCI", ["CLibCrypto", "JSONText"]),
        module("AWSCore", [crypto, .product(name: "XMLCoder", package: "XMLCoder")]),
        module("IAM", ["AWSCore", "JSONText"]),
        module("Lifecycle", ["JSONText"]),
        module("Stores", ["OCI", nioCore]),
        module("SealedObjects", ["CLibCrypto", crypto, nioCore]),
        module(
            "RegistryCore",
            ["Lifecycle", "OCI", "AWSCore", "IAM", "Stores", "SealedObjects", "CLibCrypto", "CProcessors", "CZlib", crypto, nioCore, logging]),
        module("Identity", ["IAM", "AWSCore", "Stores", crypto, .product(name: "JWTKit", package: "jwt-kit")]),
        module("OutboundNetwork", [nioCore, nioPosix]),
        module(
            "OpenIDDiscovery",
            [
                "Identity", "OutboundNetwork", nioCore,
                .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        module(
            "EventDelivery",
            [
                "RegistryCore", "OutboundNetwork", "Stores", crypto, logging, metrics, nioCore, nioPosix, serviceLifecycle,
                .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        module("KMS", ["IAM", "AWSCore", "OCI", "Stores", crypto]),
        module("KMSAPI", ["KMS", "Identity", "IAM", "AWSCore", "OCI", "Stores", logging]),
        module(
            "RemoteKMS",
            [
                "AWSCore", "Stores", nioCore,
                .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        module("Authorization", ["RegistryCore", "Identity", "IAM", "AWSCore", "OCI", "Stores"]),
        module("ECRAPI", ["RegistryCore", "Lifecycle", "Identity", "IAM", "AWSCore", "OCI", "Stores", logging, nioCore]),
        module("IAMAPI", ["Identity", "IAM", "AWSCore", "Stores", logging]),
        module("DistributionAPI", ["RegistryCore", "IAM", "OCI", "AWSCore", "Stores", httpTypes, nioCore, logging]),
        .target(name: "CWriteAheadLog"),
        module("SQLiteDatabase", ["Stores", "CWriteAheadLog", grdb, sqlite, nioPosix]),
        module("LocalKeyProvider", ["Stores", crypto, .product(name: "CryptoExtras", package: "swift-crypto")]),
        .target(name: "CFileSystem"),
        .target(name: "CProcessors"),
        .target(name: "CMemory"),
        module("FileBlobStore", ["Stores", "CFileSystem", nioCore, nioPosix]),
        module(
            "HTTPEdge",
            [
                "CProcessors", "ECRAPI", "IAMAPI", "KMSAPI", "DistributionAPI", "RegistryCore", "Identity", "IAM", "AWSCore", "OCI", "Stores",
                httpTypes, nioCore, nioPosix, metrics, logging, serviceLifecycle,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]),
        module("Workers", ["RegistryCore", "Identity", "KMS", "Stores", logging, metrics, serviceLifecycle]),
        .executableTarget(
            name: "berth",
            dependencies: [
                "HTTPEdge", "OpenIDDiscovery", "EventDelivery", "Workers", "LocalKeyProvider", "SQLiteDatabase", "FileBlobStore",
                "RegistryCore", "Lifecycle", "Identity", "KMS", "KMSAPI", "RemoteKMS",
                "Authorization", "ECRAPI", "CMemory",
                "IAMAPI", "DistributionAPI", "IAM", "AWSCore", "OCI", "Stores", logging, metrics, serviceLifecycle, crypto, nioCore, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Yams", package: "Yams"),
            ], swiftSettings: strict),
        module(
            "TestSupport",
            [
                "OCI", "AWSCore", "IAM", "Stores", "RegistryCore", "Identity", "KMS", "Authorization", "SQLiteDatabase", "FileBlobStore", crypto,
                nioCore,
                logging,
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        tests("OCITests", ["OCI", "JSONText", crypto]),
        tests("SealedObjectsTests", ["SealedObjects", crypto, nioCore], exclude: ["Vectors"]),
        tests("LifecycleTests", ["Lifecycle"]),
        tests("AWSCoreTests", ["AWSCore", crypto]),
        tests("IAMTests", ["IAM", "AWSCore", "JSONText"]),
        tests(
            "IdentityTests",
            ["Identity", "OpenIDDiscovery", "OutboundNetwork", "IAM", "AWSCore", "Stores", crypto]),
        tests("AuthorizationTests", ["Authorization", "RegistryCore", "Identity", "IAM", "AWSCore", "OCI", "Stores"]),
        tests("RegistryCoreTests", ["RegistryCore", "SealedObjects", "Lifecycle", "IAM", "AWSCore", "OCI", "Stores", nioCore]),
        tests(
            "EventDeliveryTests",
            [
                "EventDelivery", "OutboundNetwork", "RegistryCore", "OCI", "Stores", crypto, logging, nioCore, nioPosix,
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        tests("DistributionAPITests", ["DistributionAPI", "RegistryCore", "IAM", "AWSCore", "OCI", "Stores", httpTypes, nioCore]),
        tests(
            "WireTests", ["ECRAPI", "IAMAPI", "KMS", "KMSAPI", "Identity", "RegistryCore", "IAM", "AWSCore", "OCI", "Stores", nioCore],
            exclude: ["Golden", "GoldenKMS", "GoldenPublic", "GoldenQuery", "Models"]),
        tests(
            "ContractTests",
            [
                "SQLiteDatabase", "FileBlobStore", "LocalKeyProvider", "RegistryCore", "Identity", "KMS", "IAM", "AWSCore", "Stores", "OCI", logging,
                nioCore, nioPosix,
            ]
        ),
        tests(
            "HTTPEdgeTests",
            [
                "HTTPEdge", "CProcessors", "DistributionAPI", "RegistryCore", "Identity", "IAM", "AWSCore", "OCI", "Stores", crypto, httpTypes,
                nioCore, nioPosix, logging, serviceLifecycle, metrics, .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests(
            "BerthTests",
            [
                "berth", "HTTPEdge", "Workers", "EventDelivery", "RegistryCore", "Identity", "IAM", "AWSCore", "OCI", logging, serviceLifecycle,
                .product(name: "X509", package: "swift-certificates"),
            ]),
        tests("KMSTests", ["KMS", "RemoteKMS", "Identity", "IAM", "AWSCore", "Stores", crypto]),
        tests("IntegrationTests", ["AWSCore", "RemoteKMS", "Stores"]),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "HTTPEdge", "ECRAPI", "DistributionAPI", "RegistryCore", "Identity", "IAM", "AWSCore", "OCI", "JSONText", "Stores", "TestSupport",
                httpTypes, nioCore,
            ], path: "Tests/FuzzTargets", swiftSettings: strict),
        tests("FuzzTests", ["FuzzTargets"], exclude: ["Corpus", "Dictionaries"]),
        tests("ArchitectureTests", []),
    ],
    swiftLanguageModes: [.v6]
)

if let fuzzer {
    package.targets += [
        .target(name: "CLibFuzzer", path: "Tests/CLibFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CLibFuzzer", "FuzzTargets"], path: "Tests/Fuzz", swiftSettings: strict,
            linkerSettings: [.unsafeFlags([fuzzer, "-lstdc++"])]),
    ]
}
