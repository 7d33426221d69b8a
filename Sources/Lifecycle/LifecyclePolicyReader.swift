/// Reads the text of a policy and collects what is wrong with it.
///
/// Source: Amazon ECR user guide, "Lifecycle policy properties" and "Lifecycle policy evaluation rules".
struct LifecyclePolicyReader {
    /// How long the archive keeps an image at least, in days.
    private static let minimumArchiveDays = 90

    private enum TagStatus: String, CaseIterable { case tagged, untagged, any }
    private enum CountType: String, CaseIterable { case imageCountMoreThan, sinceImagePushed, sinceImagePulled, sinceImageTransitioned }
    private enum CountUnit: String, CaseIterable { case days }
    private enum Target: String, CaseIterable { case archive }

    private var schema = SchemaFindings()
    private let maximumRules: Int

    init(maximumRules: Int) { self.maximumRules = maximumRules }

    /// A line for each thing that is wrong.
    var findings: [String] { schema.lines }

    /// The rules in the order of the text; what is wrong with them is in `findings`.
    mutating func rules(of text: String) -> [LifecycleRule] {
        guard let document = PolicyValue(document: text), case .object = document else {
            schema.add("Could not map policyString into LifecyclePolicy.")
            return []
        }
        guard let members = schema.members(of: document, required: ["rules"]),
            let elements = schema.elements(of: members["rules"], count: 1...maximumRules)
        else { return [] }
        let rules = elements.compactMap { rule($0) }
        if findings.isEmpty { checkTogether(rules) }
        return rules
    }

    private mutating func rule(_ value: PolicyValue) -> LifecycleRule? {
        guard let members = schema.members(of: value, required: ["rulePriority", "selection", "action"], optional: ["description"]) else {
            return nil
        }
        let priority = schema.count(members["rulePriority"])
        let description = schema.text(members["description"])
        let selection = members["selection"].flatMap { schema.members(of: $0, required: Self.required, optional: Self.optional) }
        let action = members["action"].flatMap { schema.members(of: $0, required: ["type"], optional: ["targetStorageClass"]) }
        guard let selection, let action else { return nil }
        let (tags, storageClass, criterion) = read(selection: selection)
        let (type, hasTarget) = (schema.choice(action["type"], LifecycleRule.Action.self), action["targetStorageClass"] != nil)
        _ = schema.choice(action["targetStorageClass"], Target.self)
        guard findings.isEmpty, let priority, let tags, let criterion, let type else { return nil }
        let rule = LifecycleRule(
            priority: priority, description: description, tags: tags, storageClass: storageClass, criterion: criterion, action: type)
        if let problem = problem(of: rule, hasTarget: hasTarget, hasClass: selection["storageClass"] != nil) { refuse(problem, priority) }
        return rule
    }

    private static let required = ["tagStatus", "countType", "countNumber"]
    private static let optional = ["tagPrefixList", "tagPatternList", "storageClass", "countUnit"]

    private mutating func read(
        selection: [String: PolicyValue]
    ) -> (LifecycleRule.TagRequirement?, LifecycleRule.StorageClass, LifecycleRule.Criterion?) {
        let status = schema.choice(selection["tagStatus"], TagStatus.self)
        let prefixes = texts(selection["tagPrefixList"])
        let patterns = texts(selection["tagPatternList"])
        let storageClass = schema.choice(selection["storageClass"], LifecycleRule.StorageClass.self) ?? .standard
        let type = schema.choice(selection["countType"], CountType.self)
        let unit = schema.choice(selection["countUnit"], CountUnit.self)
        let number = schema.count(selection["countNumber"])
        guard findings.isEmpty, let status, let type, let number else { return (nil, storageClass, nil) }
        if (type == .imageCountMoreThan) != (unit == nil) {
            refuse("countUnit \(unit == nil ? "must be \"days\"" : "cannot be given") with countType \(type.rawValue)")
        }
        let criterion: LifecycleRule.Criterion =
            switch type {
            case .imageCountMoreThan: .countMoreThan(number)
            case .sinceImagePushed: .sincePushed(days: number)
            case .sinceImagePulled: .sincePulled(days: number)
            case .sinceImageTransitioned: .sinceTransitioned(days: number)
            }
        return (requirement(status, prefixes, patterns), storageClass, criterion)
    }

    /// The texts of a list; nil when there is none.
    private mutating func texts(_ value: PolicyValue?) -> [String]? {
        guard let elements = schema.elements(of: value, count: 1...Int.max) else { return nil }
        let texts = elements.compactMap { schema.text($0) }
        if texts.contains("") { schema.add("string \"\" is too short (length: 0, required minimum: 1)") }
        return texts
    }

    private mutating func requirement(_ status: TagStatus, _ prefixes: [String]?, _ patterns: [String]?) -> LifecycleRule.TagRequirement? {
        switch (status, prefixes, patterns) {
        case (.any, nil, nil): return .any
        case (.untagged, nil, nil): return .untagged
        case (.tagged, let prefixes?, nil): return .prefixes(prefixes)
        case (.tagged, nil, let texts?):
            let patterns = texts.compactMap { TagPattern($0) }
            if patterns.count < texts.count { refuse("a pattern of tagPatternList can have at most \(TagPattern.maximumStars) wildcards (*)") }
            return .patterns(patterns)
        case (.tagged, _, _): refuse("tagStatus tagged needs either tagPrefixList or tagPatternList")
        case (.any, _, _), (.untagged, _, _): refuse("tagPrefixList and tagPatternList are for tagStatus tagged only")
        }
        return nil
    }

    /// Why members that are right for themselves do not fit together; nil when they do.
    private func problem(of rule: LifecycleRule, hasTarget: Bool, hasClass: Bool) -> String? {
        if (rule.action == .transition) != hasTarget { return "targetStorageClass belongs to the action transition, and only to it" }
        guard case .sinceTransitioned(let days) = rule.criterion else {
            return rule.storageClass == .standard ? nil : "storageClass archive is for countType sinceImageTransitioned only"
        }
        if !hasClass || rule.storageClass != .archive { return "countType sinceImageTransitioned needs storageClass archive" }
        if rule.action != .expire { return "what is archived can only expire" }
        if days < Self.minimumArchiveDays { return "an archived image stays for \(Self.minimumArchiveDays) days at least" }
        return nil
    }

    /// What must hold between the rules.
    private mutating func checkTogether(_ rules: [LifecycleRule]) {
        for (priority, same) in Dictionary(grouping: rules, by: \.priority).sorted(by: { $0.key < $1.key }) where same.count > 1 {
            schema.add("rulePriority \(priority) is given to more than one rule")
        }
        for storageClass in LifecycleRule.StorageClass.allCases {
            let rules = rules.filter { $0.storageClass == storageClass }
            let place = "of storageClass \(storageClass.rawValue)"
            if rules.filter({ $0.tags == .untagged }).count > 1 { schema.add("only one rule \(place) can select untagged images") }
            let last = rules.map(\.priority).max()
            let anyRules = rules.filter { $0.tags == .any }
            if anyRules.count > 1 { schema.add("only one rule \(place) can have tagStatus any") }
            if let rule = anyRules.first, anyRules.count == 1, rule.priority != last {
                schema.add("the rule \(place) with tagStatus any must have the highest rulePriority")
            }
            let prefixes = rules.compactMap { rule in if case .prefixes(let prefixes) = rule.tags { Set(prefixes) } else { nil } }
            if Set(prefixes).count < prefixes.count { schema.add("each tagPrefixList \(place) must be a different one") }
        }
    }

    /// Adds ECR's sentence for members that do not fit together, and behind it why.
    private mutating func refuse(_ problem: String, _ priority: Int? = nil) {
        schema.add("instance failed to match exactly one schema (matched 0 out of 4)")
        schema.add(priority.map { "rule with rulePriority \($0): \(problem)" } ?? problem)
    }
}
