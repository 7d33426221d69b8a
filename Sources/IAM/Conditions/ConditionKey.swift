/// The condition keys that requests themselves set.
package enum ConditionKey {
    /// The tag by which an image is pushed, pulled or deleted. Berth's own.
    package static let imageTag = "ecr:ImageTag"
    /// The digest of the image. Berth's own.
    package static let imageDigest = "ecr:ImageDigest"
    package static let accountSetting = "ecr:AccountSetting"
    package static let tagKeys = "aws:TagKeys"

    /// The value of a tag that the request would set.
    package static func requestTag(_ key: String) -> String { "aws:RequestTag/\(key)" }
}
