import AWSCore
import IAM
import OCI
import RegistryCore

/// The model's ImageIdentifier as a request has it: texts that no image can have fail for themselves, not for the request.
struct ImageID: Decodable, Sendable {
    let imageDigest: String?
    let imageTag: Bounded.Text<1, 300>?

    /// What to look for. Throws why there is nothing to look for.
    func identifier() throws(ImageRefusal) -> ImageIdentifier {
        guard imageDigest != nil || imageTag != nil else {
            throw ImageRefusal("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null")
        }
        let digest = try imageDigest.map(Self.digest)
        let tag = try (imageTag?.value).map(Self.tag)
        return ImageIdentifier(digest: digest, tag: tag)
    }

    private static func digest(_ text: String) throws(ImageRefusal) -> Digest {
        guard let wellFormed = LayerDigest(text) else {
            throw ImageRefusal("InvalidImageDigest", "Invalid request parameters: image digest should satisfy the regex '\(LayerDigest.pattern)'")
        }
        guard let digest = wellFormed.digest else { throw .notFound }
        return digest
    }

    private static func tag(_ text: String) throws(ImageRefusal) -> ImageTag {
        guard let tag = ImageTag(text) else {
            throw ImageRefusal("InvalidImageTag", "Invalid request parameters: image tag should satisfy the regex '\(ImageTag.pattern)'")
        }
        return tag
    }

    /// What conditions may ask of a request for the image.
    var requestFacts: [String: [String]] {
        var facts: [String: [String]] = [:]
        facts[ConditionKey.imageTag] = imageTag.map { [$0.value] }
        facts[ConditionKey.imageDigest] = imageDigest.map { [$0] }
        return facts
    }

    /// As error texts write it.
    var sentence: String { "{imageDigest:'\(imageDigest ?? "null")', imageTag:'\(imageTag?.value ?? "null")'}" }
}

/// The model's ImageIdentifierList.
typealias ImageIDs = Bounded.List<1, 100, ImageID>

extension ImageIDs {
    /// What to look for, where one that cannot be found fails the request.
    func identifiers(in repository: RepositoryName, of registry: Registry) async throws -> [ImageIdentifier] {
        var identifiers: [ImageIdentifier] = []
        for image in values {
            do {
                identifiers.append(try image.identifier())
            } catch .notFound {
                // No image can have this digest; the repository comes first all the same.
                _ = try await registry.repository(repository)
                throw AWSError(imageNotFound: image.sentence, repository, registry.id)
            } catch {
                throw ConstraintViolation(member: "imageIds", reason: error.reason)
            }
        }
        return identifiers
    }
}

extension ImageID: JSONObject {
    func members(_ json: inout JSONWriter) {
        json.member("imageDigest", imageDigest)
        json.member("imageTag", imageTag?.value)
    }
}

extension ImageIdentifier: JSONObject {
    package func members(_ json: inout JSONWriter) {
        json.member("imageDigest", digest)
        json.member("imageTag", tag)
    }

    /// As error texts write it.
    var sentence: String { "{imageDigest:'\(digest?.description ?? "null")', imageTag:'\(tag?.description ?? "null")'}" }
}

extension ImageTag {
    /// The grammar of the OCI Distribution specification, for error texts.
    static let pattern = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"
}
