import HTTPTypes
import OCI

/// What a segment of a path can stand for.
protocol PathParameter: Sendable {
    /// Reads a decoded segment.
    init(pathSegment: String, method: HTTPRequest.Method) throws(DistributionError)
}

extension Digest: PathParameter {
    init(pathSegment: String, method: HTTPRequest.Method) throws(DistributionError) {
        guard let digest = Digest(pathSegment) else { throw .digestInvalid(pathSegment) }
        self = digest
    }
}

extension Reference: PathParameter {
    /// A text that can be no tag names nothing, so reading it finds nothing; only to push under it is an error of form.
    init(pathSegment: String, method: HTTPRequest.Method) throws(DistributionError) {
        if let reference = Reference(pathSegment) {
            self = reference
        } else if pathSegment.contains(":") {
            throw .digestInvalid(pathSegment)
        } else {
            throw method == .put ? .tagInvalid(pathSegment) : .tagImpossible
        }
    }
}

extension RepositoryName: PathParameter {
    init(pathSegment: String, method: HTTPRequest.Method) throws(DistributionError) {
        guard let name = RepositoryName(pathSegment) else { throw .nameInvalid(pathSegment) }
        self = name
    }
}

/// The id of an upload session: a UUID in lower case.
struct UploadID: PathParameter {
    let text: String

    init(pathSegment: String, method: HTTPRequest.Method) throws(DistributionError) {
        let isUUID =
            pathSegment.utf8.count == 36
            && pathSegment.utf8.enumerated().allSatisfy { index, byte in
                [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : "0123456789abcdef".utf8.contains(byte)
            }
        guard isUUID else { throw .uploadImpossible }
        text = pathSegment
    }
}
