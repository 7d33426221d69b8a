import AWSCore
import HTTPTypes
import IAM
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@testable import DistributionAPI

@Suite("The table of errors")
struct ErrorTableTests {
    static let name = RepositoryName("app")
    static let registry = AccountID("123456789012").flatMap { account in Region("us-east-1").map { RegistryID(account: account, region: $0) } }
    static let digest = Digest.of([])

    static func cases() throws -> [(error: RegistryError, summary: String)] {
        let (name, registry) = (try #require(name), try #require(registry))
        let tag = try #require(ImageTag("v1"))
        return [
            (.repositoryNotFound(name, registry: registry), "404 NAME_UNKNOWN"),
            (.repositoryExists(name, registry: registry), "400 NAME_INVALID"),
            (.repositoryNotEmpty(name, registry: registry), "400 UNSUPPORTED"),
            (.tooManyRepositories(limit: 1), "403 DENIED"),
            (.tooManyResourceTags(limit: 1), "400 DENIED"),
            (.registryNotFound("nobody"), "404 NAME_UNKNOWN"),
            (.imageNotFound(ImageIdentifier(tag: tag), name, registry: registry), "404 MANIFEST_UNKNOWN"),
            (.imageExists(digest, tag: tag, name, registry: registry), "400 TAG_INVALID"),
            (.tagImmutable(tag, name, registry: registry), "400 TAG_INVALID"),
            (.imageDigestMismatch(digest, name, registry: registry), "400 MANIFEST_INVALID"),
            (.layersMissing([digest], name, registry: registry), "404 MANIFEST_BLOB_UNKNOWN"),
            (.imagesMissing([digest], name, registry: registry), "404 MANIFEST_BLOB_UNKNOWN"),
            (.imageReferenced(by: [digest]), "405 UNSUPPORTED"),
            (.imageNamesChanged, "503 UNAVAILABLE"),
            (.tooManyImages(limit: 1), "403 DENIED"),
            (.tooManyTags(limit: 1), "403 DENIED"),
            (.layerNotFound(digest, name, registry: registry), "404 BLOB_UNKNOWN"),
            (.layerReferenced(digest), "405 UNSUPPORTED"),
            (.layerInaccessible(digest), "404 BLOB_UNKNOWN"),
            (.layerExists(digest, name, registry: registry), "400 BLOB_UPLOAD_INVALID"),
            (.uploadNotFound("id", name, registry: registry), "404 BLOB_UPLOAD_UNKNOWN"),
            (.uploadOutOfOrder("id", name, lastByte: 9, registry: registry), "416 BLOB_UPLOAD_INVALID"),
            (.uploadEmpty("id", name, registry: registry), "400 BLOB_UPLOAD_INVALID"),
            (.uploadPartTooSmall("id", name, minimum: 5, registry: registry), "400 BLOB_UPLOAD_INVALID"),
            (.uploadTooLarge(limit: 1), "413 SIZE_INVALID"),
            (.layerDigestMismatch(expected: digest, actual: digest), "400 DIGEST_INVALID"),
            (.uploadPartTooLarge("id", name, limit: 1, lastByte: 9, registry: registry), "413 SIZE_INVALID"),
            (.tooManyParts(limit: 1), "400 BLOB_UPLOAD_INVALID"),
            (.usageExceeded(.bytesOfRepository(1)), "403 DENIED"),
            (.usageExceeded(.bytesOfAccount(1)), "403 DENIED"),
            (.usageExceeded(.imagesOfAccount(1)), "403 DENIED"),
            (.throttled, "429 TOOMANYREQUESTS"),
            (.transferExceeded, "429 TOOMANYREQUESTS"),
            (.storageFull, "507 UNAVAILABLE"),
        ]
    }

    @Test("Every error of the registry has its status and code")
    func registryErrors() async throws {
        let context = try TestInstallation().context()
        for (error, summary) in try Self.cases() {
            let failure = Failure(error, context: context)
            #expect("\(failure.status.code) \(failure.code)" == summary)
            #expect(!failure.message.isEmpty)
            #expect(failure.code.allSatisfy { $0.isUppercase || $0 == "_" }, "as the specification has codes")
        }
    }

    @Test("Texts that clients match on are ECR's")
    func texts() async throws {
        let (name, registry) = (try #require(Self.name), try #require(Self.registry))
        let context = try TestInstallation().context()
        #expect(
            Failure(RegistryError.repositoryNotFound(name, registry: registry), context: context).message
                == "The repository with name 'app' does not exist in the registry with id '123456789012'")
        #expect(
            Failure(RegistryError.imageNotFound(ImageIdentifier(digest: Self.digest), name, registry: registry), context: context).message
                == "Requested image not found")
        let chunk = Failure(RegistryError.uploadOutOfOrder("id", name, lastByte: -1, registry: registry), context: context)
        #expect(chunk.headers[.range] == "0-0" && chunk.headers[.location] == "/v2/app/blobs/uploads/id")
    }

    @Test("What nobody foresaw is said with the request's id, and without its details")
    func unforeseen() async throws {
        struct Secret: Error {}
        let failure = Failure(Secret(), context: try TestInstallation().context())
        #expect(failure.status.code == 500 && failure.code == "UNKNOWN")
        #expect(failure.message.contains("00000000-0000-4000-8000-000000000000") && !failure.message.contains("Secret"))
    }

    @Test("A full device is said, whoever noticed it", arguments: [BlobStoreError.full, DatabaseError.full("disk")] as [any Error])
    func fullDevice(_ error: any Error) throws {
        let failure = Failure(error, context: try TestInstallation().context())
        #expect(failure.status.code == 507 && failure.message == "The registry's storage is full. Nothing was changed.")
    }

    @Test("A client that breaks off or dawdles is no fault of the server", arguments: zip([BodyError.brokenOff, .tooSlow], [400, 408]))
    func unreadableBody(_ error: BodyError, _ status: Int) throws {
        #expect(Failure(error, context: try TestInstallation().context()).status.code == status)
    }

    @Test("An unknown repository is NAME_UNKNOWN on every route", arguments: AuthorizationTests.requests)
    func unknownRepository(_ method: HTTPRequest.Method, _ target: String, _ actions: [String]) async throws {
        let client = try await RegistryClient()
        let image = TestImage.index(of: [])
        let isPush = target.hasPrefix("manifests") && method == .put
        let answer = try await client.send(
            method, "/v2/absent/\(target)", isPush ? ["Content-Type": image.manifest.mediaType.description] : [:],
            parts: isPush ? [image.manifest.payload] : [])
        #expect(answer.status == 404)
        if method != .head { #expect(answer.failure?.code == "NAME_UNKNOWN") }
    }
}
