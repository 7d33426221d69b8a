import AWSCore
import IAM
import Identity

extension QueryOperation {
    /// The operation's own action on what it is about, with what conditions may ask of that and of the request. The boundary is the one
    /// that the request sets, or else the one that there is.
    func permission(
        on target: Target?, tags: TagList? = nil, untagging: TagKeyList? = nil, boundary: EntityARN? = nil, policy: EntityARN? = nil
    ) -> Permission {
        var facts = tags.facts
        if let untagging { facts["aws:TagKeys"] = untagging.values.map(\.value) }
        for tag in target?.tags ?? [] {
            facts["aws:ResourceTag/\(tag.key)"] = [tag.value]
            facts["iam:ResourceTag/\(tag.key)"] = [tag.value]
        }
        if let boundary = boundary?.value ?? target?.boundary { facts["iam:PermissionsBoundary"] = [boundary] }
        if let policy { facts["iam:PolicyARN"] = [policy.value] }
        return Permission("\(Self.service.name):\(Self.name)", on: target?.arn, facts: facts)
    }

    /// What making something with tags takes besides: the right to tag it.
    func tagging<Tagging: QueryOperation>(_: Tagging.Type, _ resource: ARN, _ tags: TagList?) -> [Permission] {
        let facts = tags.facts
        return facts.isEmpty ? [] : [Permission("\(Self.service.name):\(Tagging.name)", on: resource, facts: facts)]
    }
}

extension TagList? {
    /// The condition keys of a request with these tags.
    fileprivate var facts: [String: [String]] {
        guard let tags = self?.values, !tags.isEmpty else { return [:] }
        var facts = ["aws:TagKeys": tags.map(\.key.value)]
        for tag in tags { facts["aws:RequestTag/\(tag.key.value)"] = [tag.value.value] }
        return facts
    }

    /// The tags as the domain has them.
    var tags: [IAMTag] { self?.values.tags ?? [] }
}

extension [Tag] {
    /// The tags as the domain has them.
    var tags: [IAMTag] { map { IAMTag(key: $0.key.value, value: $0.value.value) } }
}
