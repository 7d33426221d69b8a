import AWSCore

/// The model's Layer.
struct LayerShape: JSONObject {
    let layerDigest: LayerDigest
    /// In bytes; nil when the layer is not there.
    let layerSize: Int64?
    /// True when its bytes are in the archive.
    var isArchived = false

    func members(_ json: inout JSONWriter) {
        json.member("layerDigest", layerDigest.text)
        json.member("layerAvailability", isArchived ? "ARCHIVED" : layerSize == nil ? "UNAVAILABLE" : "AVAILABLE")
        json.member("layerSize", layerSize)
    }
}

/// The model's LayerFailure.
struct LayerFailure: JSONObject {
    /// As it was asked for.
    let layerDigest: String
    /// The model's LayerFailureCode.
    let code: String
    let reason: String

    func members(_ json: inout JSONWriter) {
        json.member("layerDigest", layerDigest)
        json.member("failureCode", code)
        json.member("failureReason", reason)
    }
}
