import AWSCore
import IAM
import IAMAPI
import TestSupport
import Testing

@Suite("STS") struct STSTests {
    private let installation: TestInstallation

    init() throws { installation = try TestInstallation() }

    private func respond(_ form: String, _ caller: Caller? = nil) async throws -> (status: Int, body: String, action: String?) {
        let response = await QueryDialect(
            .sts, identity: installation.identity, authorizer: installation.authorizer, log: installation.services.log
        ).respond(to: try QueryForm(form.utf8), context: installation.context(caller))
        return (response.status, String(decoding: response.body, as: UTF8.self), response.action)
    }

    private var anonymous: Caller { .anonymous(account: installation.account, region: installation.region) }

    @Test("GetCallerIdentity tells root who it is") func getCallerIdentity() async throws {
        let answer = try await respond("Action=GetCallerIdentity&Version=2011-06-15")
        #expect(answer.status == 200)
        #expect(answer.action == "sts:GetCallerIdentity")
        #expect(
            answer.body
                == #"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>"#
                + "<Arn>arn:aws:iam::123456789012:root</Arn><UserId>123456789012</UserId><Account>123456789012</Account></GetCallerIdentityResult>"
                + "<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></GetCallerIdentityResponse>")
    }

    @Test("Without a signature there is no identity to tell") func unsigned() async throws {
        let answer = try await respond("Action=GetCallerIdentity&Version=2011-06-15", anonymous)
        #expect(answer.status == 403)
        #expect(answer.body.contains("<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>"))
    }

    @Test(
        "What is no operation, and what is none yet",
        arguments: [
            ("Action=Nothing&Version=2011-06-15", "InvalidAction", "Could not find operation Nothing for version 2011-06-15"),
            ("Action=GetCallerIdentity&Version=2010-05-08", "InvalidAction", "Could not find operation GetCallerIdentity for version 2010-05-08"),
            ("Action=GetCallerIdentity", "InvalidAction", "Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED"),
            ("Version=2011-06-15", "MissingAction", "The request is missing an action or a required parameter."),
            ("Action=AssumeRoot&Version=2011-06-15", "InvalidAction", "Berth does not implement sts:AssumeRoot."),
        ]) func refusals(_ form: String, _ code: String, _ message: String) async throws
    {
        let answer = try await respond(form)
        #expect(answer.status == 400)
        #expect(answer.body.contains("<Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message>"))
    }
}
