import ECRAPI
import Foundation
import Identity
import OCI
import TestSupport

extension FuzzTarget {
    /// Docker passwords and download links: nothing that was changed opens anything.
    static let tokens = FuzzTarget("token") {
        let installation = try TestInstallation()
        let services = installation.services
        try await Accounts(database: services.database).establish(installation.account)
        let key = try await AccessKeys(database: services.database, keys: services.keys, ids: services.ids).resetRootKey(of: installation.account)
        let tokens = installation.identity.dockerTokens
        let password = try await tokens.issue(to: installation.root(accessKeyID: key.id)).password
        return { input in
            let text = changed(password, by: input)
            guard try await services.openDownload(text) == nil else { throw Broken("a text opens a layer") }
            do {
                _ = try await tokens.caller(for: text)
            } catch let refusal as TokenRefusal {
                return "\(refusal)"
            }
            guard text == password else { throw Broken("a changed password is accepted") }
            return "password"
        }
    }

    /// `nextToken` of a list.
    static let pageTokens = FuzzTarget("page-token") {
        let installation = try TestInstallation()
        let dialect = ECRDialect(installation)
        for name in ["aa", "bb"].compactMap({ RepositoryName($0) }) { _ = try await installation.registry.createRepository(name) }
        let page = await dialect.respond(to: "DescribeRepositories", body: Array(#"{"maxResults":1}"#.utf8), context: installation.context())
        let answer = try JSONSerialization.jsonObject(with: Data(page.body)) as? [String: Any]
        guard let next = answer?["nextToken"] as? String else { throw Broken("there is no second page") }
        return { input in
            let text = changed(next, by: input)
            let body = try JSONSerialization.data(withJSONObject: ["nextToken": text])
            let list = await dialect.respond(to: "DescribeRepositories", body: Array(body), context: installation.context())
            guard list.status == 400 || (list.status == 200 && text == next) else {
                throw Broken("a changed page token is answered by \(list.status)")
            }
            return "\(list.status)"
        }
    }

    /// What stands in a corpus cannot be a token, which is another in each installation. After `~`, pairs of bytes say where to change
    /// the token, and to what; another input stands for itself.
    private static func changed(_ token: String, by input: [UInt8]) -> String {
        guard input.first == UInt8(ascii: "~") else { return String(decoding: input, as: UTF8.self) }
        var bytes = Array(token.utf8)
        for pair in stride(from: 1, to: input.count - 1, by: 2) { bytes[Int(input[pair]) % bytes.count] = input[pair + 1] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
