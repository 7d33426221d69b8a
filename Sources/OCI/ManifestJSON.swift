import Foundation

/// The members of a manifest that Berth looks at, as they are written; every other member is left alone.
struct ManifestJSON: Decodable {
    let schemaVersion: Int?
    let mediaType: String?
    let artifactType: String?
    let config: DescriptorJSON?
    let layers: [DescriptorJSON]?
    /// What the artifact manifests of early tools call their layers.
    let blobs: [DescriptorJSON]?
    /// An empty list where `null` stands, as Go writes an empty one; nil when absent.
    let manifests: [DescriptorJSON]?
    let subject: DescriptorJSON?
    let annotations: [String: String]?

    private static let known: Set = [
        "schemaVersion", "mediaType", "artifactType", "config", "layers", "blobs", "manifests", "subject", "annotations",
    ]
    private static let lowercase = Set(known.map { $0.lowercased() })

    init(from decoder: any Decoder) throws {
        // A container for both: to make one is the most of what a small manifest costs.
        let members = try decoder.container(keyedBy: MemberName.self)
        let names = members.allKeys.lazy.map(\.stringValue)
        if let name = names.first(where: { !Self.known.contains($0) && Self.lowercase.contains($0.lowercased()) }) {
            throw ManifestError.ambiguousMember(name)
        }
        schemaVersion = try members.decodeIfPresent(Int.self, forKey: .schemaVersion)
        mediaType = try members.decodeIfPresent(String.self, forKey: .mediaType)
        artifactType = try members.decodeIfPresent(String.self, forKey: .artifactType)
        config = try members.decodeIfPresent(DescriptorJSON.self, forKey: .config)
        layers = try members.decodeIfPresent([DescriptorJSON].self, forKey: .layers)
        blobs = try members.decodeIfPresent([DescriptorJSON].self, forKey: .blobs)
        let manifests = try members.decodeIfPresent([DescriptorJSON].self, forKey: .manifests)
        self.manifests = manifests ?? (members.contains(.manifests) ? [] : nil)
        subject = try members.decodeIfPresent(DescriptorJSON.self, forKey: .subject)
        annotations = try members.decodeIfPresent([String: String].self, forKey: .annotations)
    }

    /// Reads a payload that `StrictJSON` passed.
    init(payload: [UInt8]) throws(ManifestError) {
        do {
            self = try JSONDecoder().decode(ManifestJSON.self, from: Data(payload))
        } catch let error as ManifestError {
            throw error
        } catch let error as DecodingError {
            throw .malformed(path: error.path)
        } catch {
            throw .malformed(path: "")
        }
    }
}

/// A descriptor as it is written.
struct DescriptorJSON: Decodable {
    let mediaType: String
    let digest: String
    let size: Int64
    let urls: [String]?
    let artifactType: String?
    let annotations: [String: String]?
    let data: String?

    /// The descriptor, when it is well formed; `path` is where it stands.
    func descriptor(at path: String) throws(ManifestError) -> Descriptor {
        guard let type = MediaType(wellFormed: mediaType) else { throw .mediaTypeInvalid(path: "\(path).mediaType") }
        guard let value = Digest(digest) else { throw .digestInvalid(path: "\(path).digest") }
        guard size >= 0 else { throw .sizeNegative(path: "\(path).size") }
        if let artifactType, MediaType(wellFormed: artifactType) == nil { throw .mediaTypeInvalid(path: "\(path).artifactType") }
        if let data {
            guard let content = Data(base64Encoded: data), Int64(content.count) == size, Digest.of(Array(content), by: value.algorithm) == value
            else { throw .dataMismatch(path: "\(path).data") }
        }
        return Descriptor(
            mediaType: type, digest: value, size: size, urls: urls ?? [], artifactType: artifactType, annotations: annotations ?? [:])
    }
}

/// The name of an object's member, whatever it is.
private struct MemberName: CodingKey {
    static let (schemaVersion, mediaType, artifactType) = (MemberName("schemaVersion"), MemberName("mediaType"), MemberName("artifactType"))
    static let (config, layers, blobs, manifests) = (MemberName("config"), MemberName("layers"), MemberName("blobs"), MemberName("manifests"))
    static let (subject, annotations) = (MemberName("subject"), MemberName("annotations"))

    let stringValue: String
    let intValue: Int? = nil

    private init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}

extension DecodingError {
    /// Where in the JSON it happened, like `layers[0].size`; `manifest` for the whole.
    fileprivate var path: String {
        let keys: [any CodingKey]
        switch self {
        case .keyNotFound(let key, let context): keys = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): keys = context.codingPath
        @unknown default: keys = []
        }
        let path = keys.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return path.isEmpty ? "manifest" : path
    }
}
