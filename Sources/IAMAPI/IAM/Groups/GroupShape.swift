import AWSCore
import Identity
import Stores

/// The model's Group.
struct GroupShape: Encodable, Sendable {
    let path: String
    let groupName: String
    let groupId: String
    let arn: String
    let createDate: Timestamp

    init(_ group: Entity) {
        path = group.path
        groupName = group.name
        groupId = group.id
        arn = group.arn.description
        createDate = group.createdAt
    }
}
