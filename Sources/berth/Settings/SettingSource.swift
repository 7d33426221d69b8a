import Foundation
import Yams

/// One place that settings come from, with what it says. A list of them, strongest first, is what `Settings` reads.
struct SettingSource: Sendable {
    let values: [Setting: [String]]
    /// How this place writes the name of a setting, for error messages.
    let spelling: @Sendable (Setting) -> String
}

extension SettingSource {
    /// What the command line says.
    static func flags(_ values: [Setting: [String]]) -> SettingSource {
        SettingSource(values: values.filter { !$0.value.isEmpty }) { "--\($0.name)" }
    }

    /// What `BERTH_…` variables say; an empty variable says nothing.
    static func environment(_ variables: [String: String]) -> SettingSource {
        let pairs = Setting.all.compactMap { setting in
            variables[setting.environmentName].flatMap { $0.isEmpty ? nil : (setting, [$0]) }
        }
        return SettingSource(values: Dictionary(uniqueKeysWithValues: pairs)) { $0.environmentName }
    }

    /// What the YAML file at `path` says. Refuses unknown settings, so that a misspelt one is not silently without effect.
    static func file(_ path: String) throws -> SettingSource {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Refusal("The configuration file \(path) cannot be read: \(error.localizedDescription)")
        }
        return try yaml(text, path: path)
    }

    /// What the YAML document `text` says; `path` is its name in error messages.
    static func yaml(_ text: String, path: String) throws -> SettingSource {
        let document: Node?
        do {
            document = try Yams.compose(yaml: text)
        } catch {
            throw Refusal("The configuration file \(path) is not YAML: \(error)")
        }
        var values: [Setting: [String]] = [:]
        if let document {
            guard let mapping = document.mapping else {
                throw Refusal("The configuration file \(path) must consist of lines `name: value`.")
            }
            for (key, value) in mapping {
                let name = key.string ?? ""
                guard let setting = Setting.all.first(where: { $0.name == name }) else {
                    throw Refusal("The configuration file \(path) has the unknown setting “\(name)”; the settings are \(names).")
                }
                values[setting] = try scalars(of: value, for: setting, path: path)
            }
        }
        return SettingSource(values: values) { "“\($0.name)” in \(path)" }
    }

    private static var names: String { Setting.all.map(\.name).joined(separator: ", ") }

    private static func scalars(of node: Node, for setting: Setting, path: String) throws -> [String] {
        let items = setting.form == .list ? node.sequence.map { Array($0) } ?? [node] : [node]
        return try items.map { item in
            guard let text = item.scalar?.string, !text.isEmpty else {
                let form = setting.form == .list ? "one value or a list of values" : "one value"
                throw Refusal("The setting “\(setting.name)” in \(path) must be \(form).")
            }
            return text
        }
    }
}
