import HTTPTypes
import IAM
import NIOCore
import OCI
import RegistryCore
import Stores

/// An error as a client sees it. The tables below are the only place where errors become statuses, codes and texts.
///
/// Sources: OCI Distribution specification, "Error Codes"; ECR's texts where clients match on them (`docs/compatibility.md`).
struct Failure {
    var status: HTTPResponse.Status
    /// One of the specification's codes, or of docker's beside them.
    var code: String
    var message: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String, _ headers: HTTPFields = [:]) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
    }

    init(_ error: any Error, context: RequestContext) {
        switch error {
        case let error as DistributionError: self = Failure(error, context: context)
        case let error as RegistryError: self = Failure(error)
        case let error as BodyError: self = Failure(error)
        case let error as AccessDenied:
            self = Failure(context.caller.kind == .anonymous ? .unauthorized : .denied(error), context: context)
        case let failure as KeyFailure: self = Failure(failure)
        case BlobStoreError.full, DatabaseError.full: self = Failure(.storageFull)
        default: self = Failure(.internalServerError, "UNKNOWN", "An internal error occurred. Request ID: \(context.requestID)")
        }
    }

    /// The specification's JSON form; what clients expect of ECR instead where credentials are missing.
    var response: DistributionResponse {
        struct Body: Encodable {
            struct Entry: Encodable {
                let code: String
                let message: String
            }
            let errors: [Entry]
        }
        if status == .unauthorized {
            var headers = headers
            headers[.contentType] = "text/plain; charset=utf-8"
            return DistributionResponse(status: status, headers: headers, body: .bytes(ByteBuffer(string: message + "\n")))
        }
        do {
            return try .json(Body(errors: [Body.Entry(code: code, message: message)]), status: status, headers: headers)
        } catch {
            return .empty(.internalServerError)
        }
    }
}

extension Failure {
    init(_ error: DistributionError, context: RequestContext) {
        self =
            switch error {
            case .routeUnknown: Failure(.notFound, "UNSUPPORTED", "There is no such resource in the API.")
            case .pathInvalid: Failure(.badRequest, "NAME_INVALID", "The path holds an empty, relative or encoded component.")
            case .queryInvalid: Failure(.badRequest, "UNSUPPORTED", "The query is not valid.")
            case .methodNotAllowed(let methods):
                Failure(
                    .methodNotAllowed, "UNSUPPORTED", "The operation is unsupported.", [.allow: methods.map(\.rawValue).joined(separator: ", ")])
            case .unauthorized:
                Failure(
                    .unauthorized, "UNAUTHORIZED", "Not Authorized",
                    [.wwwAuthenticate: Challenge.basic(at: context.origin)])
            case .denied(let denial): Failure(.forbidden, "DENIED", denial.description)
            case .nameInvalid:
                Failure(
                    .badRequest, "NAME_INVALID",
                    "Invalid parameter at 'repositoryName' failed to satisfy constraint: "
                        + "'must satisfy regular expression '\(RepositoryName.pattern)' and have \(RepositoryName.lengths.lowerBound) to "
                        + "\(RepositoryName.lengths.upperBound) characters'")
            case .digestInvalid: Failure(.badRequest, "DIGEST_INVALID", "The digest is not a sha256 or sha512 digest.")
            case .tagInvalid: Failure(.badRequest, "TAG_INVALID", "The tag does not match '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'.")
            case .tagImpossible: Failure(.notFound, "MANIFEST_UNKNOWN", "Requested image not found")
            case .uploadImpossible: Failure(.notFound, "BLOB_UPLOAD_UNKNOWN", "The upload does not exist.")
            case .digestMissing: Failure(.badRequest, "DIGEST_INVALID", "The parameter 'digest' is missing.")
            case .pageSizeInvalid: Failure(.badRequest, "PAGINATION_NUMBER_INVALID", "The parameter 'n' is not a number.")
            case .cursorInvalid: Failure(.badRequest, "UNSUPPORTED", "The parameter 'after' is not one that the Link header gave.")
            case .manifestTooLarge(let limit): Failure(.contentTooLarge, "SIZE_INVALID", "A manifest may have at most \(limit) bytes.")
            case .manifestInvalid(let reason): Failure(.badRequest, "MANIFEST_INVALID", reason.description)
            case .tooManyTagParameters(let limit): Failure(.uriTooLong, "TAG_INVALID", "At most \(limit) tags can be set at once.")
            case .chunkRangeInvalid: Failure(.badRequest, "BLOB_UPLOAD_INVALID", "The Content-Range is not of the form 'first-last'.")
            case .chunkLengthMismatch: Failure(.badRequest, "SIZE_INVALID", "The Content-Length is not what the Content-Range says.")
            case .rangeNotSatisfiable(let size):
                Failure(.rangeNotSatisfiable, "UNSUPPORTED", "The range selects no byte.", [.contentRange: "bytes */\(size)"])
            }
    }

    /// What the key management service says of the repository's KMS key; clients try again what may soon be otherwise.
    private init(_ failure: KeyFailure) {
        self =
            failure.isTransient
            ? Failure(.serviceUnavailable, "UNAVAILABLE", "KmsException: \(failure.message)", [.retryAfter: "1"])
            : Failure(.forbidden, "DENIED", "KmsException: \(failure.message)")
    }

    private init(_ error: BodyError) {
        self =
            switch error {
            case .brokenOff: Failure(.badRequest, "BLOB_UPLOAD_INVALID", "The body ended before its length.")
            case .tooSlow: Failure(.requestTimeout, "BLOB_UPLOAD_INVALID", "The body came too slowly.")
            }
    }

    private init(_ error: RegistryError) {
        self =
            switch error {
            case .repositoryNotFound(let name, let registry):
                Failure(.notFound, "NAME_UNKNOWN", "The repository \(place(name, registry, "does not exist"))")
            case .repositoryExists(let name, let registry):
                Failure(.badRequest, "NAME_INVALID", "The repository \(place(name, registry, "already exists"))")
            case .repositoryNotEmpty(let name, let registry):
                Failure(.badRequest, "UNSUPPORTED", "The repository \(place(name, registry, "still contains images"))")
            case .tooManyRepositories(let limit): Failure(.forbidden, "DENIED", "The registry has \(limit) repositories, as many as it may.")
            case .tooManyResourceTags(let limit): Failure(.badRequest, "DENIED", "A repository may have at most \(limit) resource tags.")
            // No route of this dialect asks for a policy, a template or an exclusion.
            case .repositoryPolicyNotFound, .registryPolicyNotFound, .lifecyclePolicyNotFound, .lifecyclePreviewNotFound:
                Failure(.notFound, "UNSUPPORTED", "There is no policy.")
            case .lifecyclePreviewInProgress: Failure(.conflict, "UNSUPPORTED", "A preview of a lifecycle policy is under way.")
            case .templateNotFound, .templateExists, .tooManyTemplates: Failure(.badRequest, "UNSUPPORTED", "There is no such template.")
            case .exclusionNotFound, .exclusionExists, .tooManyExclusions: Failure(.badRequest, "UNSUPPORTED", "There is no such exclusion.")
            case .usageExceeded(let limit): Failure(.forbidden, "DENIED", limit.sentence)
            case .throttled: Failure(.tooManyRequests, "TOOMANYREQUESTS", "Rate exceeded", [.retryAfter: "1"])
            case .transferExceeded: Failure(.tooManyRequests, "TOOMANYREQUESTS", "Data limit exceeded")

            case .registryNotFound(let alias): Failure(.notFound, "NAME_UNKNOWN", "There is no registry with the alias '\(alias)'")

            case .imageArchived: Failure(.notFound, "MANIFEST_UNKNOWN", "Requested image is archived. Restore it to pull it.")
            case .storageClassUpdateNotSupported: Failure(.conflict, "UNSUPPORTED", "The storage class of the image cannot be changed.")
            case .imageNotFound: Failure(.notFound, "MANIFEST_UNKNOWN", "Requested image not found")
            case .imageExists(let digest, _, let name, let registry):
                Failure(.badRequest, "TAG_INVALID", "Image with digest '\(digest)' is already in the repository \(place(name, registry, ""))")
            case .tagImmutable(let tag, let name, _):
                Failure(
                    .badRequest, "TAG_INVALID",
                    "The image tag '\(tag)' already exists in the '\(name)' repository and cannot be overwritten because the tag is immutable.")
            case .imageDigestMismatch(let digest, let name, let registry):
                Failure(
                    .badRequest, "MANIFEST_INVALID",
                    "The image with digest '\(digest)' in repository '\(name)' and registry ID '\(registry.account)' "
                        + "does not match the image digest that Amazon ECR has calculated.")
            case .layersMissing(let digests, let name, let registry): missing("Layers", digests, name, registry)
            case .imagesMissing(let digests, let name, let registry): missing("Images", digests, name, registry)
            case .imageReferenced(let digests):
                Failure(.methodNotAllowed, "UNSUPPORTED", "Requested image referenced by manifest list: [\(list(digests))]")
            case .imageNamesChanged:
                Failure(
                    .serviceUnavailable, "UNAVAILABLE", "The image's tags changed again and again while the request was decided.", [.retryAfter: "1"])
            case .tooManyImages(let limit): Failure(.forbidden, "DENIED", "The repository has \(limit) images, as many as it may.")
            case .tooManyTags(let limit): Failure(.forbidden, "DENIED", "The image would have more than \(limit) tags.")

            case .layerNotFound, .layerArchived, .layerInaccessible: Failure(.notFound, "BLOB_UNKNOWN", "The blob is not in the repository.")
            case .layerReferenced: Failure(.methodNotAllowed, "UNSUPPORTED", "The blob is part of an image of the repository.")
            case .layerExists: Failure(.badRequest, "BLOB_UPLOAD_INVALID", "The blob is already in the repository.")

            case .uploadNotFound: Failure(.notFound, "BLOB_UPLOAD_UNKNOWN", "The upload does not exist.")
            case .uploadOutOfOrder(let id, let name, let lastByte, _):
                Failure(
                    .rangeNotSatisfiable, "BLOB_UPLOAD_INVALID", "The chunk does not begin where the upload ends.",
                    Call.uploadHeaders(id, of: name.description, offset: lastByte + 1))
            case .uploadEmpty: Failure(.badRequest, "BLOB_UPLOAD_INVALID", "Nothing was uploaded.")
            case .uploadPartTooSmall(_, _, let minimum, _):
                Failure(.badRequest, "BLOB_UPLOAD_INVALID", "Every part but the last must have \(minimum) bytes at least.")
            case .uploadPartTooLarge(_, _, let limit, _, _): Failure(.contentTooLarge, "SIZE_INVALID", "A part may have at most \(limit) bytes.")
            case .tooManyParts(let limit): Failure(.badRequest, "BLOB_UPLOAD_INVALID", "An upload may have at most \(limit) parts.")
            case .uploadTooLarge(let limit): Failure(.contentTooLarge, "SIZE_INVALID", "A blob may have at most \(limit) bytes.")
            case .layerDigestMismatch(let expected, let actual):
                Failure(.badRequest, "DIGEST_INVALID", "The content has the digest \(actual), not \(expected).")
            case .storageFull: Failure(.insufficientStorage, "UNAVAILABLE", "The registry's storage is full. Nothing was changed.")
            }
    }
}

private func place(_ name: RepositoryName, _ registry: RegistryID, _ predicate: String) -> String {
    "with name '\(name)' \(predicate) in the registry with id '\(registry.account)'"
}

private func list(_ digests: [Digest]) -> String { digests.map(\.description).joined(separator: ", ") }

/// The specification wants MANIFEST_BLOB_UNKNOWN for both, and its table of endpoints has 404 for them.
private func missing(_ what: String, _ digests: [Digest], _ name: RepositoryName, _ registry: RegistryID) -> Failure {
    Failure(
        .notFound, "MANIFEST_BLOB_UNKNOWN",
        "\(what) with digests '[\(list(digests))]' required for pushing image into repository with name '\(name)' "
            + "in the registry with id '\(registry.account)' do not exist")
}
