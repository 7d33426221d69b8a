import AWSCore
import ArgumentParser
import Foundation

/// `berth tls`
struct TLS: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Certificates for HTTPS.", subcommands: [Init.self])

    /// `berth tls init`
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a private certificate authority and a server certificate in the data folder.",
            discussion: """
                The certificate is for localhost, for the names by which AWS tools reach ECR, KMS and STS in each region and ECR Public, for the hosts of \
                --public-url, --public-host and --domain in the configuration, and for every --name. Run it again for other names or when the certificate \
                runs out: the authority stays the same, so clients go on trusting it, and a running server takes up the new certificate.
                """)

        @OptionGroup var folder: FolderOptions
        @Option(help: ArgumentHelp("A further host name or IP address of the server; may be repeated.", valueName: "HOST"))
        var name: [String] = []
        @Option(
            help: ArgumentHelp(
                "A region whose AWS names the certificate covers; may be repeated (default: those of the settings).", valueName: "NAME"))
        var region: [Region] = []

        func run() throws {
            let settings = try folder.settings()
            try settings.data.create()
            let regions = region.isEmpty ? regions(of: settings) : region
            let own = settings.publicURL.flatMap { URL(string: $0)?.host }.map { [$0] } ?? []
            let custom = (own + (settings.publicHost.map { [$0.name] } ?? []) + settings.domains.keys.sorted() + name).map(ServerName.init(text:))
            let names = ServerName.loopback + regions.flatMap(ServerName.amazon) + ServerName.amazonPublic + custom
            let issued = try issueCertificate(for: names, in: settings.data, now: Date.now)
            print(instructions(settings.data, regions[0], issued))
        }

        private func regions(of settings: Settings) -> [Region] {
            [settings.region] + settings.regions.subtracting([settings.region]).sorted { "\($0)" < "\($1)" }
        }

        private func instructions(_ data: DataFolder, _ region: Region, _ issued: IssuedCertificate) -> String {
            let authority = data.authorityCertificate
            let host = "\(AccountID.zeros).dkr.ecr.\(region).amazonaws.com"
            return """
                \(issued.madeAuthority ? "Made a certificate authority" : "Kept the certificate authority") \(authority)
                Made the server certificate \(data.serverCertificate), good until \(issued.notValidAfter.formatted(.iso8601))

                Start:       berth serve --data \(data.path) --listen-tls 0.0.0.0:443

                Trust it, with HOST the name (and port) of the registry, such as \(host):
                  aws, boto3, docker-credential-ecr-login   export AWS_CA_BUNDLE=\(authority)
                  docker                                    /etc/docker/certs.d/HOST/ca.crt
                  podman, buildah, skopeo                   /etc/containers/certs.d/HOST/ca.crt
                  containerd                                ca = "…/ca.crt" in /etc/containerd/certs.d/HOST/hosts.toml
                  the whole machine (Debian)                /usr/local/share/ca-certificates/berth.crt, then update-ca-certificates

                Keep \(data.authorityKey) secret: who has it can pass for any host to those who trust the authority.
                """
        }
    }
}

extension Region: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
