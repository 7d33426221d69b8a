import AWSCore

extension PolicyDocument {
    /// Reads a policy. Throws `MalformedPolicy` for what is not JSON, for unknown, missing or doubled elements, and for
    /// values that the language does not have. Its length is the caller's to limit.
    package init(json: String, as kind: PolicyKind) throws(MalformedPolicy) {
        guard case .object(var members) = try PolicyJSON(document: json) else { throw MalformedPolicy("Syntax errors in policy.") }
        version = try Self.version(members.removeValue(forKey: "Version"))
        id = try members.removeValue(forKey: "Id").map { value throws(MalformedPolicy) in try Self.single(value, "Id") }
        let statements: [PolicyJSON]
        switch members.removeValue(forKey: "Statement") {
        case .list(let list)?: statements = list
        case .object(let statement)?: statements = [.object(statement)]
        default: throw MalformedPolicy("Syntax errors in policy: Statement is missing or of the wrong type.")
        }
        if let unknown = members.keys.sorted().first { throw MalformedPolicy("Syntax errors in policy: unknown element \(unknown).") }
        guard !statements.isEmpty else { throw MalformedPolicy("Syntax errors in policy: Statement is empty.") }
        var parsed: [Statement] = []
        for statement in statements { parsed.append(try Statement(statement, in: kind, version)) }
        let sids = parsed.compactMap(\.sid).filter { !$0.isEmpty }
        guard !kind.isIAM || Set(sids).count == sids.count else {
            throw MalformedPolicy("Statement IDs (SID) in a single policy must be unique.")
        }
        self.statements = parsed
    }

    private static func version(_ value: PolicyJSON?) throws(MalformedPolicy) -> Version {
        guard let value else { return .v2008 }
        guard case .text(let text) = value, let version = Version(rawValue: text) else {
            throw MalformedPolicy("The policy must contain a valid version string")
        }
        return version
    }

    fileprivate static func single(_ value: PolicyJSON, _ element: String) throws(MalformedPolicy) -> String {
        guard case .text(let text) = value else { throw MalformedPolicy("Syntax errors in policy: \(element) is not a string.") }
        return text
    }
}

extension Statement {
    fileprivate init(_ value: PolicyJSON, in kind: PolicyKind, _ version: PolicyDocument.Version) throws(MalformedPolicy) {
        guard case .object(var members) = value else { throw MalformedPolicy("Syntax errors in policy: a statement is not an object.") }
        sid = try members.removeValue(forKey: "Sid").map { value throws(MalformedPolicy) in try PolicyDocument.single(value, "Sid") }
        try Self.check(sid: sid, in: kind)
        guard case .text(let effect)? = members.removeValue(forKey: "Effect"), let effect = Effect(rawValue: effect) else {
            throw MalformedPolicy("Syntax errors in policy: Effect must be Allow or Deny.")
        }
        self.effect = effect

        principals = try members.match("Principal") { value throws(MalformedPolicy) in try Principal.list(value) }
        guard kind.needsPrincipal == (principals != nil) else {
            throw MalformedPolicy(
                kind.needsPrincipal
                    ? "Missing required field Principal" : "Policy document should not specify a principal.")
        }
        guard let actions = try members.match("Action", { value throws(MalformedPolicy) in try Self.actions(value) }) else {
            throw MalformedPolicy("Policy statement must contain actions.")
        }
        self.actions = actions
        guard kind != .trust || actions.patterns.allSatisfy({ $0.isOf(service: "sts") }) else {
            throw MalformedPolicy("AssumeRole policy may only specify STS AssumeRole actions.")
        }
        resources = try members.match("Resource") { value throws(MalformedPolicy) in
            try Self.resources(value, hasVariables: version == .v2012)
        }
        if resources == nil, kind.needsResource { throw MalformedPolicy("Policy statement must contain resources.") }
        if resources != nil, !kind.allowsResource { throw MalformedPolicy("Has prohibited field Resource") }

        conditions = try Self.conditions(members.removeValue(forKey: "Condition"))
        if let unknown = members.keys.sorted().first { throw MalformedPolicy("Syntax errors in policy: unknown element \(unknown).") }
    }

    private static func check(sid: String?, in kind: PolicyKind) throws(MalformedPolicy) {
        guard let sid, kind.isIAM else { return }
        let isPlain = sid.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: false
            }
        }
        guard isPlain else {
            throw MalformedPolicy("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*")
        }
    }

    private static func actions(_ value: PolicyJSON) throws(MalformedPolicy) -> [ActionPattern] {
        guard let texts = value.texts, !texts.isEmpty else { throw MalformedPolicy("Policy statement must contain actions.") }
        var patterns: [ActionPattern] = []
        for text in texts {
            guard let pattern = ActionPattern(text) else {
                throw MalformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    private static func resources(_ value: PolicyJSON, hasVariables: Bool) throws(MalformedPolicy) -> [ResourcePattern] {
        guard let texts = value.texts, !texts.isEmpty else { throw MalformedPolicy("Policy statement must contain resources.") }
        var patterns: [ResourcePattern] = []
        for text in texts {
            guard let pattern = ResourcePattern(text, hasVariables: hasVariables) else {
                throw MalformedPolicy("Resource \(text) must be in ARN format or \"*\".")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    private static func conditions(_ value: PolicyJSON?) throws(MalformedPolicy) -> [Condition] {
        guard let value else { return [] }
        guard case .object(let operators) = value else { throw MalformedPolicy("Syntax errors in policy: Condition is not an object.") }
        var conditions: [Condition] = []
        for (name, block) in operators.sorted(by: { $0.key < $1.key }) {
            guard case .object(let keys) = block else { throw MalformedPolicy("Syntax errors in policy: \(name) is not an object.") }
            var values: [String: [String]] = [:]
            for (key, value) in keys {
                guard let texts = value.texts else { throw MalformedPolicy("Syntax errors in policy: the values of \(key) are not strings.") }
                values[key] = texts
            }
            guard let condition = Condition(operator: name, keys: values) else { throw MalformedPolicy("Invalid Condition type : \(name).") }
            conditions.append(condition)
        }
        return conditions
    }
}

extension [String: PolicyJSON] {
    /// Takes out an element or its inverted form, `Not…`; nil when neither is there. Throws when both are.
    fileprivate mutating func match<Pattern>(
        _ name: String, _ read: (PolicyJSON) throws(MalformedPolicy) -> [Pattern]
    ) throws(MalformedPolicy) -> Match<Pattern>? {
        switch (removeValue(forKey: name), removeValue(forKey: "Not\(name)")) {
        case (let value?, nil): return .any(of: try read(value))
        case (nil, let value?): return .none(of: try read(value))
        case (nil, nil): return nil
        case (.some, .some): throw MalformedPolicy("Syntax errors in policy: a statement has both \(name) and Not\(name).")
        }
    }
}
