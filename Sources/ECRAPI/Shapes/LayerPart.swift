import AWSCore
import Foundation
import NIOCore

/// The model's LayerPartBlob: base64 on the wire, at most 20 MiB.
struct LayerPart: Decodable, Sendable {
    let bytes: ByteBuffer

    init(from decoder: any Decoder) throws {
        let data = try decoder.singleValueContainer().decode(Data.self)
        guard data.count <= 20_971_520 else {
            throw ConstraintViolation(at: decoder, reason: "Member must have length less than or equal to 20971520")
        }
        bytes = ByteBuffer(bytes: data)
    }
}
