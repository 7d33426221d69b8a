import Foundation

/// An element of an answer of the Query protocol; just as much XML as these answers have.
struct XML: Hashable, Sendable {
    let name: String
    /// With its attributes, as it is written.
    let tag: String
    fileprivate(set) var text = ""
    fileprivate(set) var children: [XML] = []

    /// The root element of `document`. Throws `Malformed`.
    init(_ document: String) throws {
        var open: [XML] = []
        var rest = document[...]
        while let match = rest.firstMatch(of: /([^<]*)<(\/?)([^\s>\/]+)([^>]*?)(\/?)>/) {
            let (_, text, closing, name, attributes, empty) = match.output
            if !open.isEmpty { open[open.count - 1].text += Self.unescaped(text) }
            rest = rest[match.range.upperBound...]
            if closing.isEmpty { open.append(XML(name: String(name), tag: String(name + attributes).trimmingCharacters(in: .whitespaces))) }
            guard !closing.isEmpty || !empty.isEmpty else { continue }
            guard let element = open.popLast(), element.name == name else { throw Malformed(document: document) }
            guard !open.isEmpty else {
                guard rest.isEmpty else { throw Malformed(document: document) }
                self = element
                return
            }
            open[open.count - 1].children.append(element)
        }
        throw Malformed(document: document)
    }

    private init(name: String, tag: String) {
        self.name = name
        self.tag = tag
    }

    struct Malformed: Error {
        let document: String
    }

    subscript(name: String) -> XML? { children.first { $0.name == name } }

    /// All elements of this name, at any depth.
    func all(_ name: String) -> [XML] { (self.name == name ? [self] : []) + children.flatMap { $0.all(name) } }

    /// For people and for files: an element a line.
    var lines: [String] {
        if children.isEmpty { return [text.isEmpty ? "<\(tag)/>" : "<\(tag)>\(text)</\(name)>"] }
        return ["<\(tag)>"] + children.flatMap(\.lines).map { "  " + $0 } + ["</\(name)>"]
    }

    /// The same with the text of every element replaced.
    func mapText(_ transform: (XML) -> String) -> XML {
        var changed = self
        changed.text = transform(self)
        changed.children = children.map { $0.mapText(transform) }
        return changed
    }

    /// The value that the element is, read as a shape of the model.
    func json(as name: String, of model: Model) -> JSON {
        let shape = model[shape: name]
        switch shape.type {
        case "structure":
            return .object(
                Dictionary(
                    children.map { child in
                        (child.name, shape.members?[child.name].map { child.json(as: $0, of: model) } ?? .string(child.text))
                    }, uniquingKeysWith: { first, _ in first }))
        case "list": return .array(children.map { $0.name == "member" ? $0.json(as: shape.member ?? "", of: model) : .null })
        case "map":
            return .object(
                Dictionary(
                    children.map { ($0["key"]?.text ?? "", $0["value"]?.json(as: shape.value ?? "", of: model) ?? .null) },
                    uniquingKeysWith: { first, _ in first }))
        case "integer", "long": return Int(text).map { .integer($0) } ?? .string(text)
        case "boolean": return text == "true" ? true : text == "false" ? false : .string(text)
        case "timestamp": return (try? Date(text, strategy: .iso8601)).map { .number($0.timeIntervalSince1970) } ?? .string(text)
        default: return .string(text)
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&apos;", with: "'")
            .replacing("&amp;", with: "&")
    }
}
