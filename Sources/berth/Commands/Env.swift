import ArgumentParser
import Foundation

/// `berth env`
struct Env: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print shell lines that point AWS tools, docker and podman at the installation.",
        discussion: "Use it as: eval \"$(berth env)\"")

    @OptionGroup var folder: FolderOptions

    func run() throws {
        let data = try folder.settings().data
        let endpoint = try Endpoint(lastStartedIn: data)
        let credentials = try RootCredentials(in: data)
        let environment = ClientEnvironment(
            endpoint: endpoint, accessKeyID: credentials.accessKeyID, secretAccessKey: credentials.secretAccessKey)
        print(environment.shell, terminator: "")
        if let version = AWSCommandVersion.installed(), version.ignoresEndpointURL {
            let warning = """
                berth: warning: your `aws` is version \(version). Before 2.13 and 1.29 it ignores AWS_ENDPOINT_URL and would talk to AWS itself.
                Install a newer one, for instance: python3 -m venv ~/aws && ~/aws/bin/pip install awscli && PATH=~/aws/bin:$PATH

                """
            FileHandle.standardError.write(Data(warning.utf8))
        }
    }
}
