import AWSCore
import Foundation
import OCI
import Stores

/// Something that happened in a repository, in the form of Amazon EventBridge.
protocol RegistryEvent: Sendable {
    /// Who defines such events.
    var source: String { get }
    var detailType: String { get }

    /// Writes the members of `detail`.
    func detail(of repository: Repository, _ json: inout JSONWriter)
}

extension RegistryEvent {
    /// The event as JSON. `id` is a UUID that stays the same however often the event is delivered.
    func body(id: String, at moment: Timestamp, in repository: Repository) -> String {
        var json = JSONWriter()
        json.object { json in
            json.member("version", "0")
            json.member("id", id)
            json.member("detail-type", detailType)
            json.member("source", source)
            json.member("account", repository.registry.account.description)
            json.member("time", moment.inISO8601)
            json.member("region", repository.registry.region.description)
            json.member("resources", [String]())
            json.member("detail") { detail(of: repository, &$0) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension Timestamp {
    /// In whole seconds, as EventBridge writes times: `2026-01-31T10:00:00Z`.
    var inISO8601: String { Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601) }
}
