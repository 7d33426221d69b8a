import Foundation

extension CatalogData {
    /// As it is stored.
    init(json: String) throws { self = try JSONDecoder().decode(CatalogData.self, from: Data(json.utf8)) }

    /// To be stored.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
