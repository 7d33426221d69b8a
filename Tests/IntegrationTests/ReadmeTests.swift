import Foundation
import Testing

extension IntegrationTests {
    /// The README, executed.
    @Suite struct ReadmeTests {
        @Test func theStartWorksAsWritten() async throws {
            try await Machine.with { machine in
                try await machine.shell(
                    """
                    $CLIENTS/build-images $IMAGES
                    mkdir bin && ln -s $BERTH bin/berth
                    ln -s \(Checkout.root)/.venv aws
                    """)
                // What `make run` does when all is built.
                let server = try await machine.daemon("berth", "exec bin/berth serve", until: "curl -fsS http://localhost:5000/readyz")
                let dockerd = try await machine.startDockerd()
                try await machine.shell("docker load --quiet --input $IMAGES/tiny.tar; docker tag tiny:local my-app:latest")

                let walk = try steps()
                #expect(walk.contains("docker push") && walk.contains("batch-delete-image"), "the steps of the README:\n\(walk)")
                let printed = try await machine.shell(walk)
                #expect(printed.contains("arn:aws:iam::000000000000:root"))
                #expect(printed.contains("localhost:5000/my-app"))
                #expect(printed.contains("Login Succeeded"))
                #expect(printed.contains("1: digest: sha256:"))
                #expect(printed.contains(#""failures": []"#))
                #expect(try await machine.shell("stat -c %a ~/.local/share/berth/client-credentials") == "600")
                try await dockerd.stop()
                #expect(try await server.stop() == 0)
            }
        }

        /// The shell lines under "Start", without `make run` and what installs packages.
        private func steps() throws -> String {
            let readme = try String(contentsOfFile: Checkout.root + "/README.md", encoding: .utf8)
            let start = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Start\n") })
            let blocks = start.components(separatedBy: "```sh\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
            let lines = blocks.flatMap { $0.split(separator: "\n") }
            let installs = ["make run", "sudo ", "python3 -m venv"]
            return lines.filter { line in !installs.contains { line.hasPrefix($0) } }.joined(separator: "\n")
        }
    }
}
