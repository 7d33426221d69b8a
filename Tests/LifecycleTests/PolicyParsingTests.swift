import Testing

@testable import Lifecycle

/// The grammar of policies: what is taken, and what is said of what is not.
@Suite struct PolicyParsingTests {
    @Test func readsEveryMember() throws {
        let policy = try LifecyclePolicy(
            """
            {"rules":[
                {"rulePriority":30,"selection":{"tagStatus":"any","storageClass":"standard","countType":"imageCountMoreThan","countNumber":7},"action":{"type":"expire"}},
                {"rulePriority":1,"description":"d","selection":{"tagStatus":"tagged","tagPrefixList":["v","w"],"countType":"sinceImagePushed","countUnit":"days","countNumber":3},
                 "action":{"type":"transition","targetStorageClass":"archive"}},
                {"rulePriority":20,"selection":{"tagStatus":"tagged","tagPatternList":["*-a*b*c*"],"countType":"sinceImagePulled","countUnit":"days","countNumber":4},"action":{"type":"expire"}},
                {"rulePriority":40,"selection":{"tagStatus":"untagged","storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":90},"action":{"type":"expire"}}
            ]}
            """)
        #expect(
            policy.rules == [
                LifecycleRule(
                    priority: 1, description: "d", tags: .prefixes(["v", "w"]), storageClass: .standard, criterion: .sincePushed(days: 3),
                    action: .transition),
                LifecycleRule(
                    priority: 20, description: nil, tags: .patterns([try #require(TagPattern("*-a*b*c*"))]), storageClass: .standard,
                    criterion: .sincePulled(days: 4), action: .expire),
                LifecycleRule(priority: 30, description: nil, tags: .any, storageClass: .standard, criterion: .countMoreThan(7), action: .expire),
                LifecycleRule(
                    priority: 40, description: nil, tags: .untagged, storageClass: .archive, criterion: .sinceTransitioned(days: 90), action: .expire),
            ])
    }

    @Test(arguments: [
        ("", "Could not map policyString into LifecyclePolicy."),
        ("[]", "Could not map policyString into LifecyclePolicy."),
        (#"{"rules":[],"rules":[]}"#, "Could not map policyString into LifecyclePolicy."),
        ("{}", #"object has missing required properties (["rules"])"#),
        (#"{"rules":null}"#, #"instance type (null) does not match any allowed primitive type (allowed: ["array"])"#),
        (#"{"rules":[]}"#, "array is too short: must have at least 1 elements but instance has 0 elements"),
        (#"{"rules":[3]}"#, #"instance type (integer) does not match any allowed primitive type (allowed: ["object"])"#),
        (#"{"rules":[{}]}"#, #"object has missing required properties (["action","rulePriority","selection"])"#),
    ])
    func refusesWhatIsNoPolicy(_ text: String, _ finding: String) {
        #expect(findings(text) == [finding])
    }

    @Test func takesFiftyRulesAndNotMore() {
        func text(_ count: Int) -> String {
            let rules = (1...count).map { rule(priority: $0, selection: tagged(#""p\#($0)""#)) }
            return #"{"rules":[\#(rules.joined(separator: ","))]}"#
        }
        #expect(findings(text(50)) == [])
        #expect(findings(text(51)) == ["array is too long: must have at most 50 elements but instance has 51 elements"])
    }

    @Test(arguments: [
        (#""tagStatus":"none""#, #"instance value ("none") not found in enum (possible values: ["tagged","untagged","any"])"#),
        (
            #""countType":"imageAge""#,
            #"instance value ("imageAge") not found in enum (possible values: ["imageCountMoreThan","sinceImagePushed","sinceImagePulled","sinceImageTransitioned"])"#
        ),
        (#""countUnit":"hours""#, #"instance value ("hours") not found in enum (possible values: ["days"])"#),
        (#""countNumber":0"#, "numeric instance is lower than the required minimum (minimum: 1, found: 0)"),
        (#""countNumber":1.5"#, #"instance type (number) does not match any allowed primitive type (allowed: ["integer"])"#),
        (#""countNumber":"1""#, #"instance type (string) does not match any allowed primitive type (allowed: ["integer"])"#),
        (#""countNumber":2147483648"#, "numeric instance is greater than the required maximum (maximum: 2147483647, found: 2147483648)"),
        (#""storageClass":"glacier""#, #"instance value ("glacier") not found in enum (possible values: ["standard","archive"])"#),
        (#""tagPrefixList":[]"#, "array is too short: must have at least 1 elements but instance has 0 elements"),
        (#""tagPatternList":"a""#, #"instance type (string) does not match any allowed primitive type (allowed: ["array"])"#),
        (#""tagPrefixList":[1]"#, #"instance type (integer) does not match any allowed primitive type (allowed: ["string"])"#),
        (#""tagPrefixList":[""]"#, #"string "" is too short (length: 0, required minimum: 1)"#),
        (#""colour":"red""#, #"object instance has properties which are not allowed by the schema: (["colour"])"#),
    ])
    func refusesAMemberForItself(_ member: String, _ finding: String) {
        let name = member.split(separator: ":")[0]
        let defaults = [#""tagStatus":"any""#, #""countType":"sinceImagePushed""#, #""countUnit":"days""#, #""countNumber":1"#]
        let members = defaults.filter { !$0.hasPrefix(name) } + [member]
        #expect(findings(policy(selection: members.joined(separator: ","))) == [finding])
    }

    @Test(arguments: [
        (#""tagStatus":"any","countType":"sinceImagePushed","countNumber":1"#, expire, "countUnit must be"),
        (#""tagStatus":"any","countType":"imageCountMoreThan","countUnit":"days","countNumber":1"#, expire, "countUnit cannot be given"),
        (#""tagStatus":"tagged","countType":"imageCountMoreThan","countNumber":1"#, expire, "needs either"),
        (
            #""tagStatus":"tagged","tagPrefixList":["a"],"tagPatternList":["a"],"countType":"imageCountMoreThan","countNumber":1"#, expire,
            "needs either"
        ),
        (#""tagStatus":"any","tagPrefixList":["a"],"countType":"imageCountMoreThan","countNumber":1"#, expire, "for tagStatus tagged only"),
        (#""tagStatus":"untagged","tagPatternList":["a"],"countType":"imageCountMoreThan","countNumber":1"#, expire, "for tagStatus tagged only"),
        (#""tagStatus":"tagged","tagPatternList":["*a*b*c*d*"],"countType":"imageCountMoreThan","countNumber":1"#, expire, "at most 4 wildcards"),
        (#""tagStatus":"any","countType":"imageCountMoreThan","countNumber":1"#, #"{"type":"transition"}"#, "belongs to the action transition"),
        (#""tagStatus":"any","countType":"imageCountMoreThan","countNumber":1"#, #"{"type":"expire","targetStorageClass":"archive"}"#, "belongs to"),
        (#""tagStatus":"any","storageClass":"archive","countType":"imageCountMoreThan","countNumber":1"#, expire, "sinceImageTransitioned only"),
        (#""tagStatus":"any","countType":"sinceImageTransitioned","countUnit":"days","countNumber":90"#, expire, "needs storageClass archive"),
        (
            #""tagStatus":"any","storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":90"#, archive,
            "only expire"
        ),
        (
            #""tagStatus":"any","storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":89"#, expire,
            "90 days at least"
        ),
    ])
    func refusesMembersThatDoNotFitTogether(_ selection: String, _ action: String, _ reason: String) throws {
        let findings = findings(policy(selection: selection, action: action))
        try #require(findings.count == 2, "\(findings)")
        #expect(findings[0] == "instance failed to match exactly one schema (matched 0 out of 4)")
        #expect(findings[1].contains(reason))
    }

    @Test func refusesRulesThatDoNotFitTogether() {
        let untagged = #""tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":1"#
        let any = #""tagStatus":"any","countType":"imageCountMoreThan","countNumber":1"#
        let archived = #""tagStatus":"any","storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":90"#
        func findings(_ rules: String...) -> [String] { self.findings(#"{"rules":[\#(rules.joined(separator: ","))]}"#) }
        #expect(
            findings(rule(priority: 1, selection: untagged), rule(priority: 1, selection: any)) == ["rulePriority 1 is given to more than one rule"])
        #expect(
            findings(rule(priority: 1, selection: untagged), rule(priority: 2, selection: untagged))
                == ["only one rule of storageClass standard can select untagged images"])
        #expect(
            findings(rule(priority: 1, selection: any), rule(priority: 2, selection: any))
                == ["only one rule of storageClass standard can have tagStatus any"])
        #expect(
            findings(rule(priority: 1, selection: any), rule(priority: 2, selection: untagged))
                == ["the rule of storageClass standard with tagStatus any must have the highest rulePriority"])
        #expect(
            findings(rule(priority: 1, selection: tagged(#""a","b""#)), rule(priority: 2, selection: tagged(#""b","a""#)))
                == ["each tagPrefixList of storageClass standard must be a different one"])
        // A class of its own each, as Terraform's acceptance tests have it.
        #expect(findings(rule(priority: 1, selection: any), rule(priority: 2, selection: archived)) == [])
        #expect(findings(rule(priority: 1, selection: tagged(#""a""#)), rule(priority: 2, selection: tagged(#""a","b""#))) == [])
    }

    @Test func saysWhatECRSays() {
        #expect(LifecyclePolicyFault(findings: ["a", "b"]).reason == "Lifecycle policy validation failure: a\nb")
    }

    private static let expire = #"{"type":"expire"}"#
    private static let archive = #"{"type":"transition","targetStorageClass":"archive"}"#

    private func tagged(_ prefixes: String) -> String {
        #""tagStatus":"tagged","tagPrefixList":[\#(prefixes)],"countType":"imageCountMoreThan","countNumber":1"#
    }

    private func rule(priority: Int = 1, selection: String, action: String = expire) -> String {
        #"{"rulePriority":\#(priority),"selection":{\#(selection)},"action":\#(action)}"#
    }

    private func policy(selection: String, action: String = expire) -> String { #"{"rules":[\#(rule(selection: selection, action: action))]}"# }

    private func findings(_ text: String) -> [String] {
        do throws(LifecyclePolicyFault) {
            _ = try LifecyclePolicy(text)
            return []
        } catch {
            return error.findings
        }
    }
}
