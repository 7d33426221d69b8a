import AWSCore
import Foundation
import RegistryCore

/// The model's RepositoryCatalogDataInput.
struct CatalogDataInput: Decodable, Sendable {
    let description: Bounded.Text<0, 1024>?
    let architectures: Bounded.List<0, 50, Bounded.Text<1, 50>>?
    let operatingSystems: Bounded.List<0, 50, Bounded.Text<1, 50>>?
    let logoImageBlob: LogoImage?
    let aboutText: Bounded.Text<0, 25600>?
    let usageText: Bounded.Text<0, 25600>?

    var data: CatalogData {
        CatalogData(
            description: description?.value, architectures: architectures?.values.map(\.value),
            operatingSystems: operatingSystems?.values.map(\.value), aboutText: aboutText?.value, usageText: usageText?.value)
    }
}

/// The model's LogoImageBlob: base64 on the wire, at most 500 KB.
struct LogoImage: Decodable, Sendable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let data = try decoder.singleValueContainer().decode(Data.self)
        guard data.count <= 512_000 else {
            throw ConstraintViolation(at: decoder, reason: "Member must have length less than or equal to 512000")
        }
        bytes = Array(data)
    }
}

/// The model's RepositoryCatalogData.
struct CatalogDataShape: JSONObject {
    let data: CatalogData
    /// Nil when there is no logo.
    let logoURL: String?

    init(_ stored: StoredCatalogData, _ context: OperationContext) {
        data = stored.data
        logoURL = stored.logo.map { context.url(ofLogo: $0) }
    }

    func members(_ json: inout JSONWriter) {
        json.member("description", data.description)
        json.member("architectures", data.architectures)
        json.member("operatingSystems", data.operatingSystems)
        json.member("logoUrl", logoURL)
        json.member("aboutText", data.aboutText)
        json.member("usageText", data.usageText)
    }
}

/// The output of the operations on a repository's catalog data.
struct CatalogDataOutput: JSONObject {
    let catalogData: CatalogDataShape

    func members(_ json: inout JSONWriter) {
        json.member("catalogData", catalogData)
    }
}
