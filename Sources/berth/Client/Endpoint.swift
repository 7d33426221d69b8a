import Foundation
import HTTPEdge

/// Where clients on this machine reach a server: what `berth serve` leaves in the data folder for `berth env`.
struct Endpoint: Equatable {
    /// `http://host:port` or `https://host:port`.
    let url: String
    let region: String
    /// The file that marks a plain endpoint as insecure for podman, buildah and skopeo; nil over TLS.
    let registriesConf: String?
    /// The certificate of Berth's own CA; nil when the certificate is someone else's, or none is needed.
    let authority: String?
    /// What names of public images begin with, where podman, buildah and skopeo must be told of it.
    var publicRegistry: String?

    /// What image names begin with.
    var registry: String { String(url.drop { $0 != "/" }.drop { $0 == "/" }) }
}

extension Endpoint {
    /// The endpoint of a server that runs with `settings` and has bound its listeners: the public URL, else the first plain
    /// listener, else the first with TLS.
    init(settings: Settings, bound: [BoundListener]) {
        let plain = Self.authority(of: settings.listen.first, in: bound.filter { !$0.isTLS && !$0.isPublic }).map { "http://" + $0 }
        let tls = Self.authority(of: settings.listenTLS.first, in: bound.filter { $0.isTLS && !$0.isPublic }).map { "https://" + $0 }
        let url = settings.publicURL ?? plain ?? tls ?? ""
        let isPlain = url.hasPrefix("http:")
        let ownCertificate = settings.certificate?.certificate == settings.data.serverCertificate && !settings.listenTLS.isEmpty
        self.init(
            url: url, region: settings.region.description, registriesConf: isPlain ? settings.data.registriesConf : nil,
            authority: !isPlain && ownCertificate ? settings.data.authorityCertificate : nil,
            publicRegistry: settings.publicHost?.description ?? settings.publicListen.first.map { $0.reachable(at: $0.port).description })
    }

    private static func authority(of listener: ListenAddress?, in bound: [BoundListener]) -> String? {
        guard let listener else { return nil }
        let hosts = listener.bindings.map(\.host)
        guard let port = listener.port > 0 ? listener.port : bound.first(where: { hosts.contains($0.address.host) })?.address.port else { return nil }
        return listener.reachable(at: port).description
    }

    /// The endpoint that the last start left in `folder`. Throws `Refusal` when there was none.
    init(lastStartedIn folder: DataFolder) throws {
        guard let file = ProfileFile(contentsOf: folder.clientConfig), let url = file["endpoint_url"], let region = file["region"] else {
            throw Refusal("No server has been started on \(folder.path) yet. Run `berth serve` first, or name the folder with --data.")
        }
        self.init(
            url: url, region: region, registriesConf: url.hasPrefix("http:") ? folder.registriesConf : nil, authority: file["ca_bundle"])
    }

    /// Leaves the endpoint in `folder`, in files that AWS tools and podman, buildah and skopeo read too.
    func write(to folder: DataFolder) throws {
        var values = [(key: "region", value: region), (key: "endpoint_url", value: url)]
        if let authority { values.append((key: "ca_bundle", value: authority)) }
        let comment = "Written by `berth serve` at each start; works as AWS_CONFIG_FILE."
        try writePrivately(ProfileFile(values).text(comment: comment), to: folder.clientConfig)
        if let registriesConf {
            let registries = [registry] + (publicRegistry.map { [$0] } ?? [])
            let text =
                "# Written by `berth serve` at each start; works as CONTAINERS_REGISTRIES_CONF.\n"
                + registries.map { "[[registry]]\nlocation = \"\($0)\"\ninsecure = true\n" }.joined()
            try writePrivately(text, to: registriesConf)
        }
    }
}
