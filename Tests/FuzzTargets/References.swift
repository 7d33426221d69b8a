import OCI

extension FuzzTarget {
    /// Names of repositories, tags and digests.
    static let references = FuzzTarget(
        "reference",
        ofText: { text in
            var kinds: [String] = []
            if let name = RepositoryName(text) {
                kinds.append("name")
                guard name.description == text, !text.contains(".."), !text.contains("//"), text.allSatisfy(\.isASCII) else {
                    throw Broken("name \(name)")
                }
            }
            if let tag = ImageTag(text) {
                kinds.append("tag")
                guard tag.description == text, text.utf8.count <= 128, !text.contains("/"), !text.contains(":") else { throw Broken("tag \(tag)") }
            }
            if let digest = Digest(text) {
                kinds.append("digest")
                guard digest.description == text, Digest(bytes: digest.bytes) == digest else { throw Broken("digest \(digest)") }
            }
            if kinds.contains("digest"), kinds.count > 1 { throw Broken("a digest is a tag or a name") }
            return kinds.joined(separator: " ")
        })
}
