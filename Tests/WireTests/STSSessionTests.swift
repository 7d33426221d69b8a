import AWSCore
import Foundation
import IAM
import IAMAPI
import Identity
import Stores
import TestSupport
import Testing

/// The operations of STS that give out credentials: what comes back, to the byte where it is not chance, and every refusal.
@Suite("STS sessions") struct STSSessionTests {
    private static let requestID = "00000000-0000-4000-8000-000000000000"
    private let world: IdentityWorld
    private let identity: IdentityServices
    private let alice: Caller
    private var installation: TestInstallation { world.installation }

    init() async throws {
        world = try await IdentityWorld()
        identity = world.installation.identity
        let id = try await world.makeUser("alice")
        alice = Caller(
            kind: .user(name: "alice"), account: world.installation.account, arn: "arn:aws:iam::123456789012:user/alice", userID: id,
            accessKeyID: "AKIAALICEALICEALICE2", region: world.installation.region)
    }

    /// Answers a form; the policies of principals are those of the database.
    private func call(_ action: String, _ parameters: [String: String] = [:], as caller: Caller? = nil) async throws -> (status: Int, body: String) {
        let form = (["Action": action, "Version": "2011-06-15"].merging(parameters) { $1 }).map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        let clock = installation.clock
        let database = installation.sqlite
        let authorizer = Authorizer(now: { clock.now.milliseconds }) { caller, _, _ in
            let found = try await database.read { try IdentityPolicies.load(for: caller, $0) }
            var facts = AuthorizationFacts()
            facts.policies.identity = found.policies
            facts.policies.boundary = found.boundary
            return facts
        }
        let response = await QueryDialect(.sts, identity: identity, authorizer: authorizer, log: installation.services.log)
            .respond(to: try QueryForm(form.joined(separator: "&").utf8), context: installation.context(caller ?? alice))
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    private func assume(_ role: String = "Deploy", as caller: Caller? = nil, _ more: [String: String] = [:]) async throws -> (
        status: Int, body: String
    ) {
        let parameters = ["RoleArn": "arn:aws:iam::123456789012:role/\(role)", "RoleSessionName": "build"]
        return try await call("AssumeRole", parameters.merging(more) { $1 }, as: caller)
    }

    /// The caller that the credentials of an answer stand for.
    private func caller(of body: String) async throws -> Caller {
        let (id, token) = (try #require(element("AccessKeyId", body)), try #require(element("SessionToken", body)))
        guard case .known(let secret, let caller) = try await identity.credentials.signer(id, sessionToken: token, region: installation.region) else {
            throw TestSetupError("the credentials are not good")
        }
        #expect(secret == element("SecretAccessKey", body))
        return caller
    }

    private func element(_ name: String, _ body: String) -> String? {
        guard let start = body.firstRange(of: "<\(name)>"), let end = body.firstRange(of: "</\(name)>") else { return nil }
        return String(body[start.upperBound..<end.lowerBound])
    }

    /// The answer with its chance replaced by the elements' names.
    private func golden(_ body: String) -> String {
        ["AccessKeyId", "SecretAccessKey", "SessionToken"].reduce(body) { text, name in
            element(name, text).map { text.replacing("<\(name)>\($0)</\(name)>", with: "<\(name)/>") } ?? text
        }
    }

    private static func envelope(_ action: String, _ result: String) -> String {
        #"<\#(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\#(action)Result>\#(result)</\#(action)Result>"#
            + "<ResponseMetadata><RequestId>\(requestID)</RequestId></ResponseMetadata></\(action)Response>"
    }

    private static let credentials =
        "<Credentials><AccessKeyId/><SecretAccessKey/><SessionToken/><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>"

    private func expect(
        _ answer: (status: Int, body: String), _ code: String, _ message: String, status: Int, _ location: SourceLocation = #_sourceLocation
    ) {
        let text = message.replacing("'", with: "&apos;").replacing("\"", with: "&quot;")
        #expect(
            answer.body == #"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>"#
                + "<Code>\(code)</Code><Message>\(text)</Message></Error><RequestId>\(Self.requestID)</RequestId></ErrorResponse>",
            sourceLocation: location)
        #expect(answer.status == status, sourceLocation: location)
    }

    private func deny(_ answer: (status: Int, body: String), _ role: String = "Deploy", _ action: String = "sts:AssumeRole", of arn: String? = nil) {
        expect(
            answer, "AccessDenied",
            "User: \(arn ?? alice.arn) is not authorized to perform: \(action) on resource: arn:aws:iam::123456789012:role/\(role)", status: 403)
    }

    private func trust(_ statement: String) -> String { #"{"Version":"2012-10-17","Statement":\#(statement)}"# }

    private func allow(_ user: String, _ document: String) async throws {
        _ = try await installation.sqlite.write { transaction in
            try transaction.execute(
                "INSERT INTO inline_policies (entity_id, name_key, name, document) VALUES (\(user), 'p', 'p', \(document))")
        }
    }

    // MARK: AssumeRole

    @Test("AssumeRole gives credentials of the role, and says whose they are") func assumeRole() async throws {
        let role = try await world.makeRole("Deploy")
        let answer = try await assume()
        #expect(
            golden(answer.body)
                == Self.envelope(
                    "AssumeRole",
                    Self.credentials + "<AssumedRoleUser><AssumedRoleId>\(role):build</AssumedRoleId>"
                        + "<Arn>arn:aws:sts::123456789012:assumed-role/Deploy/build</Arn></AssumedRoleUser>"))
        let caller = try await caller(of: answer.body)
        #expect(caller.arn == "arn:aws:sts::123456789012:assumed-role/Deploy/build")
        #expect(caller.session?.isChained == false)
        let identity = try await call("GetCallerIdentity", as: caller)
        #expect(
            identity.body
                == Self.envelope(
                    "GetCallerIdentity",
                    "<Arn>arn:aws:sts::123456789012:assumed-role/Deploy/build</Arn><UserId>\(role):build</UserId><Account>123456789012</Account>"))
    }

    @Test("A role that is not there, one that trusts nobody and one at another path give the same refusal") func noOracle() async throws {
        deny(try await assume())
        _ = try await world.makeRole("Deploy", path: "/ci/", trust: trust(#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}"#))
        deny(try await assume())
        deny(try await assume("ci/Deploy"), "ci/Deploy")
        deny(try await assume("other/Deploy"), "other/Deploy")
    }

    @Test("A user that the trust policy names needs no policy of its own; of an account it names, it does") func trusting() async throws {
        _ = try await world.makeRole(
            "Named", trust: trust(#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/alice"},"Action":"sts:AssumeRole"}"#))
        _ = try await world.makeRole(
            "Account", trust: trust(#"{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}"#))
        #expect(try await assume("Named").status == 200)
        deny(try await assume("Account"), "Account")
        try await allow(alice.userID, trust(#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::123456789012:role/Account"}"#))
        #expect(try await assume("Account").status == 200)
    }

    @Test("A user of another account needs both sides") func crossAccount() async throws {
        let other = try #require(AccountID("210987654321"))
        _ = try await Accounts(database: installation.sqlite).create(other)
        let bob = Caller(
            kind: .user(name: "bob"), account: other, arn: "arn:aws:iam::210987654321:user/bob",
            userID: try await world.makeUser("bob", account: other), accessKeyID: "AKIABOBBOBBOBBOBBOB2", region: installation.region)
        _ = try await world.makeRole(
            "Deploy",
            trust: trust(
                #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:user/bob"},"Action":"sts:AssumeRole","#
                    + #""Condition":{"StringEquals":{"sts:ExternalId":"shared"}}}"#))
        deny(try await assume(as: bob, ["ExternalId": "shared"]), of: bob.arn)
        try await allow(bob.userID, trust(#"{"Effect":"Allow","Action":"sts:*","Resource":"*"}"#))
        deny(try await assume(as: bob), of: bob.arn)
        deny(try await assume(as: bob, ["ExternalId": "guess"]), of: bob.arn)
        #expect(try await assume(as: bob, ["ExternalId": "shared"]).status == 200)
    }

    @Test("Root assumes no role, and there is no second factor") func rootAndCodes() async throws {
        _ = try await world.makeRole("Deploy")
        expect(try await assume(as: installation.root), "AccessDenied", "Roles may not be assumed by root accounts.", status: 403)
        expect(
            try await assume(["SerialNumber": "arn:aws:iam::123456789012:mfa/a", "TokenCode": "123456"]), "AccessDenied",
            "MultiFactorAuthentication failed with invalid MFA one time pass code.", status: 403)
    }

    private func assume(_ more: [String: String]) async throws -> (status: Int, body: String) { try await assume("Deploy", as: nil, more) }

    @Test("A session lasts no longer than the role lets it, and an hour from role to role") func durations() async throws {
        _ = try await world.makeRole("Deploy", longestSession: 7200)
        #expect(element("Expiration", try await assume(["DurationSeconds": "7200"]).body) == "2026-01-01T02:00:00Z")
        expect(
            try await assume(["DurationSeconds": "7201"]), "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", status: 400)
        let session = try await caller(of: try await assume().body)
        #expect(try await caller(of: try await assume(as: session).body).session?.isChained == true)
        expect(
            try await assume(as: session, ["DurationSeconds": "3601"]), "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining", status: 400)
    }

    @Test("Tags need sts:TagSession, pass on where they are transitive, and are not set anew then") func tags() async throws {
        _ = try await world.makeRole("Plain", trust: trust(#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#))
        _ = try await world.makeRole(
            "Deploy",
            trust: trust(
                #"[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":"*","Action":"sts:TagSession","#
                    + #""Condition":{"StringEquals":{"aws:RequestTag/team":"web"}}}]"#))
        _ = try await world.makeRole("Next")
        let tags = ["Tags.member.1.Key": "team", "Tags.member.1.Value": "web", "Tags.member.2.Key": "run", "Tags.member.2.Value": "7"]
        deny(try await assume("Plain", tags), "Plain", "sts:TagSession")
        deny(try await assume(["Tags.member.1.Key": "team", "Tags.member.1.Value": "data"]), "Deploy", "sts:TagSession")
        let answer = try await assume(tags.merging(["TransitiveTagKeys.member.1": "team"]) { $1 })
        #expect(element("PackedPolicySize", answer.body) == "1")
        let session = try await caller(of: answer.body)
        #expect(session.tags == ["team": "web", "run": "7"])
        let next = try await caller(of: try await assume("Next", as: session).body)
        #expect(next.tags == ["team": "web"])
        #expect(next.session?.transitiveTagKeys == ["team"])
        let conflict = try await assume("Next", as: session, ["Tags.member.1.Key": "Team", "Tags.member.1.Value": "data"])
        #expect(conflict.status == 400 && element("Code", conflict.body) == "InvalidParameterValue")
        expect(
            try await assume(["Tags.member.1.Key": "a", "Tags.member.1.Value": "", "Tags.member.2.Key": "A", "Tags.member.2.Value": ""]),
            "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", status: 400)
        let unknown = try await assume(["TransitiveTagKeys.member.1": "team"])
        #expect(unknown.status == 400 && element("Code", unknown.body) == "InvalidParameterValue")
    }

    private func assume(_ role: String, _ more: [String: String]) async throws -> (status: Int, body: String) {
        try await assume(role, as: nil, more)
    }

    @Test("A source identity needs sts:SetSourceIdentity, passes on, and is said once") func sourceIdentity() async throws {
        _ = try await world.makeRole("Plain", trust: trust(#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#))
        _ = try await world.makeRole("Deploy")
        deny(try await assume("Plain", ["SourceIdentity": "alice"]), "Plain", "sts:SetSourceIdentity")
        let answer = try await assume(["SourceIdentity": "alice"])
        #expect(element("SourceIdentity", answer.body) == "alice")
        let session = try await caller(of: answer.body)
        #expect(session.session?.sourceIdentity == "alice")
        #expect(element("SourceIdentity", try await assume(as: session).body) == "alice")
        #expect(try await assume(as: session, ["SourceIdentity": "bob"]).status == 403)
        deny(try await assume("Plain", as: session), "Plain", "sts:SetSourceIdentity", of: session.arn)
    }

    @Test("Session policies travel with the session; what is none is refused") func policies() async throws {
        _ = try await world.makeRole("Deploy")
        let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"#
        let session = try await caller(of: try await assume(["Policy": policy]).body)
        #expect(session.session?.policies == [policy])
        let malformed = try await assume(["Policy": #"{"Statement":[]"#])
        #expect(malformed.status == 400 && element("Code", malformed.body) == "MalformedPolicyDocument")
        let long = try await assume(["Policy": policy + String(repeating: " ", count: 2048)])
        #expect(long.status == 400 && element("Code", long.body) == "ValidationError")
        var many: [String: String] = [:]
        for number in 1...11 { many["PolicyArns.member.\(number).arn"] = "arn:aws:iam::123456789012:policy/P\(number)" }
        #expect(element("Code", try await assume(many).body) == "ValidationError")
        let missing = try await assume(["PolicyArns.member.1.arn": "arn:aws:iam::123456789012:policy/None"])
        #expect(missing.status >= 400 && missing.status < 500)
        var tags: [String: String] = [:]
        for number in 1...50 {
            tags["Tags.member.\(number).Key"] = String(repeating: "k", count: 120) + "\(number)"
            tags["Tags.member.\(number).Value"] = String(repeating: "v", count: 256)
        }
        expect(
            try await assume(tags), "PackedPolicyTooLarge", "Packed policy consumes 118% of allotted space, please use smaller policy.", status: 400)
    }

    @Test(
        "Values that the model does not have",
        arguments: [
            (
                ["RoleSessionName": "a"],
                "Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2"
            ),
            (
                ["DurationSeconds": "899"],
                "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"
            ),
            (
                ["RoleSessionName": "a b"],
                "Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
            ),
        ]) func constraints(_ parameters: [String: String], _ sentence: String) async throws
    {
        expect(try await assume(parameters), "ValidationError", "1 validation error detected: " + sentence, status: 400)
    }

    @Test("What is no role's ARN") func invalidARN() async throws {
        expect(
            try await assume(["RoleArn": "not-an-arn-but-long-enough"]), "ValidationError", "not-an-arn-but-long-enough is invalid", status: 400)
    }

    // MARK: AssumeRoleWithWebIdentity

    private static let issuer = "https://token.actions.example.com"

    private func present(_ token: String, _ more: [String: String] = [:]) async throws -> (status: Int, body: String) {
        let parameters = ["RoleArn": "arn:aws:iam::123456789012:role/Deploy", "RoleSessionName": "GitHubActions", "WebIdentityToken": token]
        return try await call(
            "AssumeRoleWithWebIdentity", parameters.merging(more) { $1 },
            as: .anonymous(account: installation.account, region: installation.region))
    }

    private func token(_ forge: TokenForge, sub: String = "repo:acme/app:ref:refs/heads/main", aud: String = "sts.amazonaws.com", _ more: String = "")
        throws
        -> String
    {
        let seconds = installation.clock.now.milliseconds / 1000
        return try forge.token(
            "ES256",
            #"{"iss":"\#(Self.issuer)","sub":"\#(sub)","aud":"\#(aud)","iat":\#(seconds),"exp":\#(seconds + 300),"repository":"acme/app"\#(more)}"#)
    }

    private var webTrust: String {
        trust(
            #"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.example.com"},"#
                + #""Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity"],"Condition":{"StringEquals":{"#
                + #""token.actions.example.com:aud":"sts.amazonaws.com","token.actions.example.com:repository":"acme/app"},"#
                + #""StringLike":{"token.actions.example.com:sub":"repo:acme/app:*"}}}"#)
    }

    @Test("A token of a trusted issuer gives a session of the role, with nothing signed") func webIdentity() async throws {
        let role = try await world.makeRole("Deploy", trust: webTrust)
        let forge = TokenForge.p256("k")
        let provider = try await world.register(Self.issuer, clientIDs: ["sts.amazonaws.com"], keySet: TokenForge.keySet([try forge.jwk()]))
        let tags = #","https://aws.amazon.com/tags":{"principal_tags":{"repo":["app"]},"transitive_tag_keys":["repo"]}"#
        let answer = try await present(token(forge, tags + #","https://aws.amazon.com/source_identity":"octocat""#))
        #expect(
            golden(answer.body)
                == Self.envelope(
                    "AssumeRoleWithWebIdentity",
                    Self.credentials + "<SubjectFromWebIdentityToken>repo:acme/app:ref:refs/heads/main</SubjectFromWebIdentityToken>"
                        + "<AssumedRoleUser><AssumedRoleId>\(role):GitHubActions</AssumedRoleId>"
                        + "<Arn>arn:aws:sts::123456789012:assumed-role/Deploy/GitHubActions</Arn></AssumedRoleUser>"
                        + "<PackedPolicySize>1</PackedPolicySize><Provider>\(provider)</Provider><Audience>sts.amazonaws.com</Audience>"
                        + "<SourceIdentity>octocat</SourceIdentity>"))
        let caller = try await caller(of: answer.body)
        #expect(caller.tags == ["repo": "app"])
        #expect(caller.session?.federatedProvider == "token.actions.example.com")
        #expect(caller.session?.sourceIdentity == "octocat")
        #expect(caller.session?.origin == .webIdentity)
    }

    @Test("Whom the trust policy does not let in, and a role that is not there, are told the same") func webIdentityDenied() async throws {
        let forge = TokenForge.p256("k")
        _ = try await world.register(
            Self.issuer, clientIDs: ["sts.amazonaws.com", "other"], keySet: TokenForge.keySet([try forge.jwk()]))
        let sentence = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
        expect(try await present(token(forge)), "AccessDenied", sentence, status: 403)
        _ = try await world.makeRole("Deploy", trust: webTrust)
        #expect(try await present(token(forge)).status == 200)
        expect(try await present(token(forge, sub: "repo:evil/app:ref:refs/heads/main")), "AccessDenied", sentence, status: 403)
        expect(try await present(token(forge, aud: "other")), "AccessDenied", sentence, status: 403)
    }

    @Test("Every other refusal has the code that clients act on") func webIdentityRefusals() async throws {
        _ = try await world.makeRole("Deploy", trust: webTrust)
        let (forge, stranger) = (TokenForge.p256("k"), TokenForge.p256("k"))
        expect(
            try await present(token(forge)), "InvalidIdentityToken", "No OpenIDConnect provider found in your account for \(Self.issuer)", status: 400
        )
        _ = try await world.register(Self.issuer, clientIDs: ["sts.amazonaws.com"], keySet: TokenForge.keySet([try forge.jwk()]))
        expect(try await present(token(forge, aud: "evil")), "InvalidIdentityToken", "Incorrect token audience", status: 400)
        let signature = try await present(token(stranger))
        #expect(signature.status == 400 && element("Code", signature.body) == "InvalidIdentityToken")
        expect(
            try await present("no.token.here"), "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)", status: 400)
        let long = try await present(token(forge), ["DurationSeconds": "3601"])
        #expect(element("Code", long.body) == "ValidationError")
        let old = try token(forge)
        installation.clock.advance(by: .seconds(300))
        let now = installation.clock.now.milliseconds / 1000
        expect(
            try await present(old), "ExpiredTokenException",
            "Token expired: current date/time \(now) must be before the expiration date/time \(now)", status: 400)
        let claims = try await present(token(forge, #","https://aws.amazon.com/source_identity":"not valid""#))
        #expect(claims.status == 403 && element("Code", claims.body) == "IDPRejectedClaim")
    }

    @Test("An issuer whose keys cannot be fetched is worth another try") func unreachable() async throws {
        _ = try await world.makeRole("Deploy", trust: webTrust)
        _ = try await world.register(Self.issuer, clientIDs: ["sts.amazonaws.com"])
        let answer = try await present(token(TokenForge.p256("k")))
        #expect(answer.status == 400 && element("Code", answer.body) == "IDPCommunicationError")
    }

    // MARK: The others

    @Test("GetSessionToken gives the caller's own rights, but not with IAM, and of STS two operations") func getSessionToken() async throws {
        let answer = try await call("GetSessionToken", ["DurationSeconds": "3600"])
        #expect(golden(answer.body) == Self.envelope("GetSessionToken", Self.credentials))
        let session = try await caller(of: answer.body)
        #expect(session.arn == alice.arn && session.userID == alice.userID && session.kind == alice.kind)
        for operation in ["GetSessionToken", "GetFederationToken", "GetAccessKeyInfo", "DecodeAuthorizationMessage"] {
            expect(
                try await call(operation, as: session), "AccessDenied", "Cannot call \(operation) with session credentials", status: 403)
        }
        #expect(try await call("GetCallerIdentity", as: session).status == 200)
        _ = try await world.makeRole("Deploy")
        #expect(try await assume(as: session).status == 200)
        #expect(element("Expiration", try await call("GetSessionToken").body) == "2026-01-01T12:00:00Z")
        #expect(element("Expiration", try await call("GetSessionToken", as: installation.root).body) == "2026-01-01T01:00:00Z")

        let iam = await QueryDialect(.iam, identity: identity, authorizer: installation.authorizer, log: installation.services.log)
            .respond(to: try QueryForm("Action=GetUser&Version=2010-05-08".utf8), context: installation.context(session))
        #expect(iam.status == 403)
    }

    @Test("GetFederationToken needs the right, and gives no more than the session's policies") func getFederationToken() async throws {
        let denied = try await call("GetFederationToken", ["Name": "bob"])
        #expect(denied.status == 403 && element("Code", denied.body) == "AccessDenied")
        try await allow(alice.userID, trust(#"{"Effect":"Allow","Action":"sts:*","Resource":"*"}"#))
        let answer = try await call("GetFederationToken", ["Name": "bob", "DurationSeconds": "3600"])
        #expect(
            golden(answer.body)
                == Self.envelope(
                    "GetFederationToken",
                    Self.credentials + "<FederatedUser><FederatedUserId>123456789012:bob</FederatedUserId>"
                        + "<Arn>arn:aws:sts::123456789012:federated-user/bob</Arn></FederatedUser>"))
        let session = try await caller(of: answer.body)
        #expect(session.kind == .federatedUser && session.principalID == alice.userID)
        #expect(try await call("GetCallerIdentity", as: session).status == 200)
        #expect(try await assume(as: session).status == 403)
    }

    @Test("GetAccessKeyInfo knows long-lived keys and temporary ones") func getAccessKeyInfo() async throws {
        _ = try await world.makeRole("Deploy")
        let temporary = try #require(element("AccessKeyId", try await assume().body))
        for id in [world.rootKey.id, temporary] {
            #expect(
                try await call("GetAccessKeyInfo", ["AccessKeyId": id]).body
                    == Self.envelope("GetAccessKeyInfo", "<Account>123456789012</Account>"))
        }
        #expect(try await call("GetAccessKeyInfo", ["AccessKeyId": "AKIAUNKNOWNUNKNOWN22"]).status == 400)
    }

    @Test("DecodeAuthorizationMessage knows no message") func decodeAuthorizationMessage() async throws {
        #expect(try await call("DecodeAuthorizationMessage", ["EncodedMessage": "x"]).status == 403)
        expect(
            try await call("DecodeAuthorizationMessage", ["EncodedMessage": "x"], as: installation.root), "InvalidAuthorizationMessageException",
            "Message is not valid", status: 400)
    }
}
