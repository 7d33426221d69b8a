import EventDelivery
import Foundation
import HTTPEdge
import RegistryCore

/// Where events go.
struct EventSettings: Sendable {
    /// Nil when no file is named.
    let file: String?
    /// Nil when no webhook is named.
    let webhook: String?
    /// The file of the webhook's secret.
    let secret: String
    /// In CIDR notation.
    let networks: [String]

    init(_ read: SettingReader, in data: DataFolder) throws {
        file = read.value(.eventFile)
        webhook = try read.value(.eventWebhook) { text in
            guard let url = URL(string: text), url.scheme == "http" || url.scheme == "https", url.host()?.isEmpty == false else { return nil }
            return text
        }
        secret = read.value(.eventWebhookSecret) ?? data.webhookSecret
        networks = try read.list(.eventWebhookNetwork) { AddressRange($0) == nil ? nil : $0 }
    }

    /// Who wants events.
    var destinations: Set<EventDestination> { Set((file == nil ? [] : [.file]) + (webhook == nil ? [] : [.webhook])) }
}
