import IAM
import OCI

/// What conditions may ask about the image that a request names.
extension Call {
    /// The image of a manifest that is read or deleted.
    func image(_ reference: Reference) -> Route.ImageFacts {
        switch reference {
        case .tag(let tag): [[ConditionKey.imageTag: [tag.description]]]
        case .digest(let digest): subject(digest)
        }
    }

    /// The image whose referrers are asked for.
    func subject(_ digest: Digest) -> Route.ImageFacts { [[ConditionKey.imageDigest: [digest.description]]] }

    /// The image that is pushed: once for each of its tags. Its digest is known before its bytes only where the path names it.
    func pushedImages(_ reference: Reference) throws(DistributionError) -> Route.ImageFacts {
        switch reference {
        case .tag(let tag): pushedImages([tag] + (try tagParameters()), digest: nil)
        case .digest(let digest): pushedImages(try tagParameters(), digest: digest)
        }
    }

    /// The image of these tags, if it has any, and this digest.
    func pushedImages(_ tags: [ImageTag], digest: Digest?) -> Route.ImageFacts {
        var facts: [String: [String]] = [:]
        facts[ConditionKey.imageDigest] = digest.map { [$0.description] }
        return tags.isEmpty ? [facts] : tags.map { facts.merging([ConditionKey.imageTag: [$0.description]]) { $1 } }
    }
}
