@testable import Lifecycle

extension [LifecycleRule] {
    /// The rules as the text of a policy.
    var policyText: String { #"{"rules":[\#(map(\.text).joined(separator: ","))]}"# }
}

extension LifecycleRule {
    fileprivate var text: String {
        let target = action == .transition ? #","targetStorageClass":"archive""# : ""
        return """
            {"rulePriority":\(priority),"selection":{\(tags.text),"storageClass":"\(storageClass.rawValue)",\(criterion.text)},\
            "action":{"type":"\(action.rawValue)"\(target)}}
            """
    }
}

extension LifecycleRule.TagRequirement {
    fileprivate var text: String {
        switch self {
        case .any: #""tagStatus":"any""#
        case .untagged: #""tagStatus":"untagged""#
        case .prefixes(let prefixes): #""tagStatus":"tagged","tagPrefixList":\#(prefixes)"#
        case .patterns(let patterns): #""tagStatus":"tagged","tagPatternList":\#(patterns.map(\.description))"#
        }
    }
}

extension LifecycleRule.Criterion {
    fileprivate var text: String {
        switch self {
        case .countMoreThan(let count): #""countType":"imageCountMoreThan","countNumber":\#(count)"#
        case .sincePushed(let days): #""countType":"sinceImagePushed","countUnit":"days","countNumber":\#(days)"#
        case .sincePulled(let days): #""countType":"sinceImagePulled","countUnit":"days","countNumber":\#(days)"#
        case .sinceTransitioned(let days): #""countType":"sinceImageTransitioned","countUnit":"days","countNumber":\#(days)"#
        }
    }
}
