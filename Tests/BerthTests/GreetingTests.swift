import AWSCore
import Testing

@testable import berth

@Suite struct GreetingTests {
    private func text(program: String, folder: String) -> String {
        let endpoint = Endpoint(url: "http://localhost:5000", region: "us-east-1", registriesConf: nil, authority: nil)
        return Greeting(endpoint: endpoint, account: .zeros, folder: DataFolder(path: folder), program: program).text
    }

    @Test func itsCommandsWorkFromAnyFolder() {
        let text = text(program: "bin/berth", folder: "/data")
        #expect(text.contains("http://localhost:5000"))
        #expect(text.contains(#/eval "\$\(/.*/bin/berth env --data /data\)"/#))
        #expect(self.text(program: "berth", folder: "/data").contains("$(berth env --data /data)"))
    }

    @Test func foldersWithSpacesAreQuoted() {
        #expect(text(program: "berth", folder: "/my data").contains("--data '/my data')"))
    }
}
