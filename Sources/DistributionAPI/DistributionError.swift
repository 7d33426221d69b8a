import HTTPTypes
import IAM
import OCI

/// What a request of this dialect can get wrong before any rule of the registry is asked.
enum DistributionError: Error {
    /// No such path in the API.
    case routeUnknown
    /// Dot segments, encoded slashes and the like.
    case pathInvalid
    case queryInvalid
    case methodNotAllowed([HTTPRequest.Method])
    case unauthorized
    case denied(AccessDenied)

    case nameInvalid(String)
    case digestInvalid(String)
    /// A push under a text that is no tag.
    case tagInvalid(String)
    /// A text that is no tag, so that no image can have it.
    case tagImpossible
    /// A text that is no id of an upload.
    case uploadImpossible
    case digestMissing
    case pageSizeInvalid(String)
    case cursorInvalid

    case manifestTooLarge(limit: Int)
    case manifestInvalid(ManifestError)
    case tooManyTagParameters(limit: Int)
    case chunkRangeInvalid(String)
    /// Content-Length is not what Content-Range says.
    case chunkLengthMismatch
    case rangeNotSatisfiable(size: Int64)
}
