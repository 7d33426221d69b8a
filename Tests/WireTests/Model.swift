import Foundation
import Testing

/// AWS's own description of the API (`scripts/model-digest.py` makes it from botocore's).
struct Model: Decodable, Sendable {
    struct Operation: Decodable, Sendable {
        let input: String
        let output: String
        let errors: [String]
    }

    /// A shape; other shapes by name.
    struct Shape: Decodable, Sendable {
        let type: String
        let required: [String]?
        let members: [String: String]?
        let member: String?
        let key: String?
        let value: String?
        let min: Int?
        let max: Int?
        let pattern: String?
        let `enum`: [String]?
        /// The code of an error of the Query protocol, and its status; other protocols send the shape's name.
        let code: String?
        let status: Int?
    }

    let targetPrefix: String
    let operations: [String: Operation]
    let shapes: [String: Shape]

    /// The newest model of private ECR that Berth was checked against.
    static let ecr = load("ecr-2015-09-21")
    /// Of ECR Public.
    static let ecrPublic = load("ecr-public-2020-10-30")
    /// Of IAM.
    static let iam = load("iam-2010-05-08")
    /// Of STS.
    static let sts = load("sts-2011-06-15")

    /// Of KMS.
    static let kms = load("kms-2014-11-01")

    private static func load(_ name: String) -> Model {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Models/\(name).json")
        do {
            return try JSONDecoder().decode(Model.self, from: Data(contentsOf: file))
        } catch {
            fatalError("\(file.path()): \(error)")
        }
    }

    subscript(shape name: String) -> Shape {
        guard let shape = shapes[name] else { fatalError("the model has no shape \(name)") }
        return shape
    }

    /// A value of the shape `name` with all members there are, each within its constraints.
    func sample(of name: String) -> JSON {
        let shape = self[shape: name]
        switch shape.type {
        case "structure": return .object((shape.members ?? [:]).mapValues { sample(of: $0) })
        case "list": return .array(Array(repeating: sample(of: shape.member ?? ""), count: Swift.max(1, shape.min ?? 0)))
        case "string": return .string(shape.enum?.first ?? text(of: name, shape))
        case "integer", "long": return .integer(Swift.max(1, shape.min ?? 0))
        case "boolean": return true
        case "map": return .object(["aws:ecr:arn": sample(of: shape.value ?? "")])
        case "blob": return "e30="
        default: fatalError("no sample of \(shape.type)")
        }
    }

    /// `beginning` and something after it, `count` characters together.
    private static func padded(_ beginning: String, _ count: Int?) -> String {
        beginning + String(repeating: "a", count: Swift.max(1, (count ?? 0) - beginning.count))
    }

    /// Text of a string shape, `count` characters long where the shape has a length.
    func text(of name: String, _ shape: Shape, count: Int? = nil) -> String {
        switch name {
        case "RegistryId": "000000000000"
        case "LayerDigest", "ImageDigest",
            "BatchedOperationLayerDigest" where count == nil:
            "sha256:" + String(repeating: "0", count: 64)
        case "UploadId": "01234567-89ab-cdef-0123-456789ABCDEF"
        case "Arn" where targetPrefix == "SpencerFrontendService" && (1...2048).contains(count ?? 1):
            "arn:aws:ecr-public::000000000000:repository/sample"
        case "Arn" where count == nil: "arn:aws:ecr:us-east-1:000000000000:repository/sample"
        case "ServicePrincipalType" where count != 0: Self.padded("ecr.us-east-1.", count)
        case "GrantConstraintSourceArnType" where count ?? 20 >= 20: Self.padded("arn:aws:ecr:us-east-1:123456789012:repository/", count)
        case "PrincipalArn": Self.padded("arn:aws:iam::123456789012:user/", count)
        case "KmsKeyForRepositoryCreationTemplate": Self.padded("arn:aws:kms:us-east-1:123456789012:key/", count)
        case "arnType" where count == nil: "arn:aws:iam::123456789012:policy/sample"
        case "policyVersionIdType": "v1"
        case "tokenCodeType": String(repeating: "0", count: count ?? 6)
        case "pathType", "policyPathType", "pathPrefixType":
            switch count ?? 5 {
            case 0: ""
            case 1: "/"
            case let count: "/" + String(repeating: "a", count: count - 2) + "/"
            }
        default: String(repeating: "a", count: count ?? Swift.max(shape.min ?? 0, 3))
        }
    }
}

extension Model {
    /// What is wrong with `value` as an answer of the shape `name`; empty when nothing is.
    func problems(of value: JSON, as name: String, at place: String) -> [String] {
        let shape = self[shape: name]
        switch (shape.type, value) {
        case ("structure", .object(let members)):
            let missing = (shape.required ?? []).filter { members[$0] == nil }.map { "\(place).\($0) is missing" }
            return missing
                + members.flatMap { member, value in
                    guard let memberShape = shape.members?[member] else { return ["\(place).\(member) is not in \(name)"] }
                    return problems(of: value, as: memberShape, at: "\(place).\(member)")
                }
        case ("list", .array(let elements)):
            return elements.flatMap { problems(of: $0, as: shape.member ?? "", at: place) }
        case ("string", .string(let text)):
            return shape.enum?.contains(text) == false ? ["\(place): \(text) is not in \(name)"] : []
        case ("map", .object(let entries)):
            return entries.flatMap { problems(of: $1, as: shape.value ?? "", at: "\(place).\($0)") }
        case ("integer", .integer), ("long", .integer), ("timestamp", .integer), ("timestamp", .number), ("boolean", .bool), ("blob", .string):
            return []
        default:
            return ["\(place): \(value) is no \(shape.type)"]
        }
    }

    /// Adds the members that `value`, of the shape `name`, has, by the name of their structure.
    func collectMembers(of value: JSON, as name: String, into seen: inout [String: Set<String>]) {
        let shape = self[shape: name]
        for element in value.elements { collectMembers(of: element, as: shape.member ?? "", into: &seen) }
        guard shape.type == "structure" else { return }
        seen[name, default: []].formUnion(value.members.keys)
        for (member, value) in value.members {
            guard let memberShape = shape.members?[member] else { continue }
            collectMembers(of: value, as: memberShape, into: &seen)
        }
    }
}

extension Model {
    /// Compares stored properties with the model's members, structure by structure. (Spelling on the wire is what the
    /// probes prove; a tag's `Key` is `key` here.)
    func expectMembers(of name: String, in value: Any, at place: String) {
        let shape = self[shape: name]
        let children = Mirror(reflecting: value).children
        switch shape.type {
        case "structure":
            let properties = Dictionary(children.map { ($0.label ?? "", $0.value) }, uniquingKeysWith: { first, _ in first })
            let members = Dictionary(
                uniqueKeysWithValues: (shape.members ?? [:]).map { ($0.key.prefix(1).lowercased() + $0.key.dropFirst(), $0.value) })
            #expect(Set(properties.keys) == Set(members.keys), "\(place)")
            for (property, value) in properties {
                guard let member = members[property] else { continue }
                expectMembers(of: member, in: unwrapped(value), at: "\(place).\(property)")
            }
        case "list":
            let list = children.first { $0.label == "values" }?.value ?? value
            guard let element = Mirror(reflecting: list).children.first?.value else {
                Issue.record("\(place) was not decoded")
                return
            }
            expectMembers(of: shape.member ?? "", in: element, at: place)
        default: break
        }
    }

    private func unwrapped(_ value: Any) -> Any {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first?.value ?? value : value
    }
}
