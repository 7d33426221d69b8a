import IAM
import OCI
import RegistryCore
import TestSupport
import Testing

/// A tag that moves between the decision about a request and its execution: what is done is what the policies allow of the image as it is then.
@Suite("An image that gets another name while a request is decided")
struct DecidedNameTests {
    private let first = TestImage.image(seed: 1)
    private let second = TestImage.image(seed: 2)
    private var firstDigest: Digest { Digest.of(first.manifest.payload) }
    private var secondDigest: Digest { Digest.of(second.manifest.payload) }

    /// A registry with both images, `first` as `v1`, and a client of a user who may do everything but what `deny` says.
    private func clients(_ deny: String) async throws -> (root: RegistryClient, user: RegistryClient) {
        let root = try await RegistryClient()
        for image in [first, second] { try await root.push(image) }
        _ = try await root.put(first, as: "v1")
        let policy = #"{"Version":"2012-10-17","Statement":[\#(PolicyText.statement("Allow")),\#(deny)]}"#
        return (root, root.acting(as: try await root.installation.user(policy: policy)))
    }

    @Test("A tag that moves to a denied image while it is pulled does not give that image away", arguments: ["GET", "HEAD"])
    func pullByTag(method: String) async throws {
        let deny = PolicyText.statement("Deny", "Action", #""ecr:BatchGetImage""#, when: #"{"StringEquals":{"ecr:ImageDigest":"\#(secondDigest)"}}"#)
        let (root, user) = try await clients(deny)
        let racing = user.changing { number in if number == 0 { _ = try await root.put(second, as: "v1") } }
        #expect(try await user.send(method == "GET" ? .get : .head, "/v2/app/manifests/v1").status == 200)
        #expect(try await racing.send(method == "GET" ? .get : .head, "/v2/app/manifests/v1").status == 403)
    }

    @Test("A tag that moves to another allowed image gives the one that it names then")
    func pullOfWhatIsAllowed() async throws {
        let deny = PolicyText.statement("Deny", "Action", #""ecr:BatchGetImage""#, when: #"{"StringEquals":{"ecr:ImageTag":"quarantine"}}"#)
        let (root, user) = try await clients(deny)
        let racing = user.changing { number in if number == 0 { _ = try await root.put(second, as: "v1") } }
        let answer = try await racing.send(.get, "/v2/app/manifests/v1")
        #expect(answer.status == 200)
        #expect(answer["Docker-Content-Digest"] == secondDigest.description)
    }

    @Test("An image that gets a protected tag while it is deleted stays")
    func deleteByDigest() async throws {
        let deny = PolicyText.statement("Deny", "Action", #""ecr:BatchDeleteImage""#, when: #"{"StringLike":{"ecr:ImageTag":"release-*"}}"#)
        let (root, user) = try await clients(deny)
        let racing = user.changing { number in if number == 0 { _ = try await root.put(first, as: "release-1") } }
        #expect(try await racing.send(.delete, "/v2/app/manifests/\(firstDigest)").summary == "403 DENIED")
        #expect(try await root.tags() == ["release-1", "v1"])
    }

    @Test("Where the names change before every decision, the client is told to come again")
    func endlessChange() async throws {
        let deny = PolicyText.statement("Deny", "Action", #""ecr:BatchGetImage""#, when: #"{"StringEquals":{"ecr:ImageTag":"quarantine"}}"#)
        let (root, user) = try await clients(deny)
        let decisions = Decisions()
        let racing = user.changing(decisions) { number in _ = try await root.put(number.isMultiple(of: 2) ? second : first, as: "v1") }
        #expect(try await racing.send(.get, "/v2/app/manifests/v1").summary == "503 UNAVAILABLE")
        #expect(decisions.count == 5)
    }

    @Test("Policies that do not ask for names cost nothing more: the request is decided once")
    func policiesWithoutNames() async throws {
        let root = try await RegistryClient()
        try await root.push(first)
        _ = try await root.put(first, as: "v1")
        let user = root.acting(as: try await root.installation.user(policy: PolicyText.of(PolicyText.statement("Allow"))))
        let decisions = Decisions()
        try await root.push(second)
        let racing = user.changing(decisions) { _ in _ = try await root.put(second, as: "v1") }
        #expect(try await racing.send(.get, "/v2/app/manifests/v1")["Docker-Content-Digest"] == secondDigest.description)
        #expect(decisions.count == 1)
    }
}
