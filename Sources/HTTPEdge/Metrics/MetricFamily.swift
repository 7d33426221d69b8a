/// A metric with all its series.
///
/// Source: Prometheus, "Exposition formats", text-based format.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    let kind: Kind
    /// By their labels in the text form.
    var series: [String: any MetricSeries] = [:]

    init(kind: Kind) { self.kind = kind }

    func write(_ name: String, help: String?, to output: inout String) {
        if let help { output += "# HELP \(name) \(Self.escaped(help, quote: false))\n" }
        output += "# TYPE \(name) \(kind.rawValue)\n"
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) { series.write(name, labels, to: &output) }
    }

    /// `label` with what a name cannot have replaced.
    static func name(_ label: String) -> String {
        let name = String(label.unicodeScalars.map { isAllowed($0) || $0 == ":" ? Character($0) : "_" })
        return name.first?.isNumber == true ? "_" + name : name
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { "\(String($0.0.unicodeScalars.map { isAllowed($0) ? Character($0) : "_" }))=\"\(escaped($0.1, quote: true))\"" }
            .joined(separator: ",")
    }

    static func sample(_ name: String, _ labels: String) -> String { labels.isEmpty ? name : "\(name){\(labels)}" }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return abs(value) < 1e15 && value.rounded() == value ? String(Int64(value)) : String(value)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || (scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil))
    }

    private static func escaped(_ text: String, quote: Bool) -> String {
        var output = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\"" where quote: output += "\\\""
            default: output.unicodeScalars.append(character)
            }
        }
        return output
    }
}
