import AWSCore
import IAM
import Identity

extension QueryOperation {
    /// The operation's own action on `resource`, with what conditions may ask of the tags and the boundary that it is given.
    func permission(on resource: ARN?, tags: TagList?, boundary: EntityARN? = nil) -> Permission {
        var facts = tags.facts
        if let boundary { facts["iam:PermissionsBoundary"] = [boundary.value] }
        return Permission("\(Self.service.name):\(Self.name)", on: resource, facts: facts)
    }

    /// The action of taking tags away.
    func permission(on resource: ARN?, untagging keys: TagKeyList) -> Permission {
        Permission("\(Self.service.name):\(Self.name)", on: resource, facts: ["aws:TagKeys": keys.values.map(\.value)])
    }

    /// The action of attaching a policy to `resource`, or detaching it.
    func permission(on resource: ARN?, policy: EntityARN) -> Permission {
        Permission("\(Self.service.name):\(Self.name)", on: resource, facts: ["iam:PolicyARN": [policy.value]])
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
    var tags: [IAMTag] { self?.values.map { IAMTag(key: $0.key.value, value: $0.value.value) } ?? [] }
}
