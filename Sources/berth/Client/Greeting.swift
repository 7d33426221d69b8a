import AWSCore
import Foundation

/// What `berth serve` prints when it is ready: where it is, and what to paste next.
struct Greeting {
    let endpoint: Endpoint
    let account: AccountID
    let folder: DataFolder
    /// How this program was called.
    let program: String

    var text: String {
        """

        Berth \(version) is ready at \(endpoint.url)
          account \(account), region \(endpoint.region), data in \(folder.path)

        In another shell:
          eval "$(\(shellWord(command)) env --data \(shellWord(folder.path)))"
          aws ecr create-repository --repository-name my-app
          aws ecr get-login-password | docker login --username AWS --password-stdin $ECR_REGISTRY
          docker push $ECR_REGISTRY/my-app:1


        """
    }

    /// The program in a form that works from any folder.
    private var command: String { program.contains("/") ? URL(fileURLWithPath: program).standardizedFileURL.path : program }

    /// Quoted where it must be.
    private func shellWord(_ text: String) -> String { text.contains(/[^\w.,\/+-]/) ? shellQuoted(text) : text }
}
