import ArgumentParser
import Foundation

/// `berth oidc`
struct OIDC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oidc", abstract: "The OpenID Connect issuers whose tokens STS accepts.", subcommands: [SetKeys.self])

    /// `berth oidc set-keys`
    struct SetKeys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-keys",
            abstract: "Give an issuer's keys, for a server that cannot fetch them.",
            discussion: """
                The issuer is registered first, with `aws iam create-open-id-connect-provider`. Its key set is what its discovery document calls \
                jwks_uri; of a Kubernetes cluster, `kubectl get --raw /openid/v1/jwks`. Upload it again when the issuer changes its keys.
                """)

        @OptionGroup var folder: FolderOptions
        @Argument(help: ArgumentHelp("The provider's ARN.", valueName: "ARN")) var provider: String
        @Option(help: ArgumentHelp("The JSON Web Key Set; without it, the keys are fetched from the issuer again.", valueName: "FILE"))
        var jwks: String?

        func run() async throws {
            let keySet = try jwks.map { file in
                guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { throw Refusal("The file \(file) cannot be read.") }
                return text
            }
            print(try await carryOut(.setIssuerKeys(provider: provider, keySet: keySet), with: try folder.settings()))
        }
    }
}
