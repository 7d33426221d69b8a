import JSONText
import OCI

extension FuzzTarget {
    /// Image manifests and indexes, of OCI and docker.
    static let manifests = FuzzTarget("manifest") {
        { input in
            let manifest: Manifest
            do { manifest = try Manifest(payload: input, contentType: nil) } catch { return "\(error)".prefix { $0 != "(" }.description }
            guard manifest.payload == input else { throw Broken("the bytes are not kept") }
            guard (try? StrictJSON.check(input)) != nil else { throw Broken("read although it is not strict JSON") }
            let named = manifest.requiredBlobs + manifest.requiredManifests
            guard Set(named.map(\.digest)).count == named.count else { throw Broken("a digest twice") }
            guard manifest.requiredBlobs.isEmpty || manifest.requiredManifests.isEmpty else { throw Broken("image and index at once") }
            return "\(min(named.count, 20)) \(manifest.subject == nil) \(manifest.artifactType == nil)"
        }
    }
}
