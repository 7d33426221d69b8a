/// Takes each setting from the first source that has it; a list is taken whole, never joined from two sources.
struct SettingReader {
    /// The strongest first.
    let sources: [SettingSource]

    /// The last value that the strongest source gives; nil when none has the setting.
    func value(_ setting: Setting) -> String? { source(of: setting)?.values[setting]?.last }

    /// The value as `parse` reads it; throws `Refusal` when it answers nil.
    func value<Value>(_ setting: Setting, _ parse: (String) throws -> Value?) throws -> Value? {
        try value(setting).map { try parsed($0, setting, parse) }
    }

    /// All values of a list, each as `parse` reads it; throws `Refusal` for the first that it answers nil for.
    func list<Value>(_ setting: Setting, _ parse: (String) throws -> Value?) throws -> [Value] {
        let texts = source(of: setting)?.values[setting] ?? []
        return try texts.flatMap { $0.split(separator: ",") }.map { try parsed(String($0.trimmingPrefix(" ")), setting, parse) }
    }

    private func source(of setting: Setting) -> SettingSource? { sources.first { $0.values[setting] != nil } }

    private func parsed<Value>(_ text: String, _ setting: Setting, _ parse: (String) throws -> Value?) throws -> Value {
        guard let value = try parse(text) else {
            let spelling = source(of: setting)?.spelling(setting) ?? setting.name
            let form = setting.form == .flag ? "true or false" : "a valid \(setting.placeholder)"
            throw Refusal("\(spelling) is “\(text)”, which is not \(form). \(setting.summary).")
        }
        return value
    }
}
