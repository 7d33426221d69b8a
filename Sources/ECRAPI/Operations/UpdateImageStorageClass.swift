import AWSCore
import IAM
import OCI
import RegistryCore

extension StorageClass: ConstrainedEnum {}

/// Moves an image into the archive, or back.
struct UpdateImageStorageClass: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let imageId: ImageID
    let targetStorageClass: StorageClass

    func permissions(in registry: Registry) -> [Permission] {
        [permission(on: registry.id.arn(of: repositoryName), facts: imageId.requestFacts)]
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let identifier: ImageIdentifier
        do throws(ImageRefusal) {
            identifier = try imageId.identifier()
        } catch .notFound {
            _ = try await registry.repository(repositoryName)
            throw AWSError(imageNotFound: imageId.sentence, repositoryName, registry.id)
        } catch {
            throw ConstraintViolation(member: "imageId", reason: error.reason)
        }
        let (digest, status) = try await registry.setStorageClass(targetStorageClass, of: identifier, in: repositoryName)
        return Output(
            registry: registry.id, repositoryName: repositoryName, imageId: ImageIdentifier(digest: digest, tag: identifier.tag), status: status)
    }

    struct Output: JSONObject {
        let registry: RegistryID
        let repositoryName: RepositoryName
        let imageId: ImageIdentifier
        let status: ImageStatus

        func members(_ json: inout JSONWriter) {
            json.member("registryId", registry.account)
            json.member("repositoryName", repositoryName)
            json.member("imageId", imageId)
            json.member("imageStatus", status.name)
        }
    }
}
