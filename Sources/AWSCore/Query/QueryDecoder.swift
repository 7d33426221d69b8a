// How an operation of the Query protocol is written against this file:
//
//     struct CreateThing: Decodable {                 // the model's members, with a small first letter
//         let thingName: ThingName                    // ThingName: ConstrainedText
//         let path: Path?                             // optional member: Optional
//         let tags: Bounded.List<0, 50, Tag>?         // Tags.member.1.Key: structures in a list
//     }
//     let input: CreateThing = try QueryDecoder.decode(form)      // throws AWSError

/// Reads the input of an operation from a form. The model's members are the type's properties with a capital first letter.
package struct QueryDecoder: Decoder {
    let node: QueryNode
    package let codingPath: [any CodingKey]
    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// The input that `form` writes; unknown parameters are ignored. Throws `ValidationError` for a member that is missing or
    /// refused, `MalformedInput` for one that is of another type.
    package static func decode<Input: Decodable>(_ form: QueryForm) throws(AWSError) -> Input {
        do {
            return try Input(from: QueryDecoder(node: form.root, codingPath: []))
        } catch let error as AWSError {
            throw error
        } catch {
            throw AWSError("MalformedInput", "The request's parameters cannot be read.")
        }
    }

    package func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard node.value ?? "" == "" else { throw malformed("a structure") }
        return KeyedDecodingContainer(QueryStructure(decoder: self))
    }

    package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = node.elements else { throw malformed("a list") }
        return QueryElements(elements: elements, codingPath: codingPath)
    }

    package func singleValueContainer() -> any SingleValueDecodingContainer { QueryValue(decoder: self) }

    /// The value of `type`; a constraint that it breaks becomes AWS's sentence, which quotes the value.
    fileprivate func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try Value(from: self)
        } catch let violation as ConstraintViolation {
            let quoted = node.value.map { " '\($0)'" } ?? ""
            throw AWSError.validation("Value\(quoted) at '\(codingPath.memberPath)' failed to satisfy constraint: \(violation.reason)")
        }
    }

    fileprivate func malformed(_ wanted: String) -> AWSError {
        AWSError("MalformedInput", "The value at '\(codingPath.memberPath)' is not \(wanted).")
    }
}

extension AWSError {
    /// The refusal of one member of a request, in the words of the Query services.
    package static func validation(_ sentence: String) -> AWSError {
        AWSError("ValidationError", "1 validation error detected: \(sentence)")
    }
}

private struct QueryStructure<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: QueryDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] { decoder.node.children.keys.sorted().compactMap { Key(stringValue: $0.withSmallFirstLetter) } }

    func contains(_ key: Key) -> Bool { child(key) != nil }

    func decodeNil(forKey key: Key) -> Bool { !contains(key) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try nested(key).value(type)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try nested(key).unkeyedContainer() }

    func superDecoder() -> any Decoder { decoder }

    func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }

    private func nested(_ key: Key) throws -> QueryDecoder {
        let path = codingPath + [key]
        guard let child = child(key) else {
            throw AWSError.validation("Value null at '\(path.memberPath)' failed to satisfy constraint: Member must not be null")
        }
        return QueryDecoder(node: child, codingPath: path)
    }

    // A few members of the models begin with a small letter after all.
    private func child(_ key: Key) -> QueryNode? {
        let children = decoder.node.children
        return children[key.stringValue.withCapitalFirstLetter] ?? children[key.stringValue]
    }
}

private struct QueryElements: UnkeyedDecodingContainer {
    let elements: [QueryNode]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(elements: [QueryNode], codingPath: [any CodingKey]) {
        self.elements = elements
        self.codingPath = codingPath
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().value(type) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> QueryDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(QueryNode.self, .init(codingPath: codingPath, debugDescription: "The list has ended."))
        }
        defer { currentIndex += 1 }
        return QueryDecoder(node: elements[currentIndex], codingPath: codingPath + [QueryIndex(intValue: currentIndex)])
    }
}

private struct QueryValue: SingleValueDecodingContainer {
    let decoder: QueryDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        // Text, numbers and truth values read themselves; anything else is made of them.
        guard let scalar = type as? any LosslessStringConvertible.Type else { return try Value(from: decoder) }
        guard let text = decoder.node.value, let value = scalar.init(text) as? Value else { throw decoder.malformed("of the member's type") }
        return value
    }
}

/// A place in a list, from 0.
private struct QueryIndex: CodingKey {
    let index: Int
    var intValue: Int? { index }
    var stringValue: String { String(index) }

    init(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }
}

extension [any CodingKey] {
    /// The member as AWS's sentences name it: `tags.1.member.key`.
    fileprivate var memberPath: String {
        map { key in key.intValue.map { "\($0 + 1).member" } ?? key.stringValue.withSmallFirstLetter }.joined(separator: ".")
    }
}

extension String {
    var withCapitalFirstLetter: String { prefix(1).uppercased() + dropFirst() }
    fileprivate var withSmallFirstLetter: String { prefix(1).lowercased() + dropFirst() }
}
