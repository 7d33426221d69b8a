import AWSCore
import IAM
import Stores
import Testing

@testable import IAMAPI

/// Every operation of IAM against AWS's own description of it.
@Suite("IAM against AWS's model") struct IAMModelTests {
    static let model = Model.iam
    private let comparison = QueryModel(service: .iam, model: model)
    static let names = QueryService.iam.implemented.map { $0.name }

    @Test func knowsEveryOperationOfTheModelAndNoOther() { comparison.expectAllOperations(180) }

    @Test(arguments: names) func hasTheMembersOfTheModelAndNoOther(operation: String) throws { try comparison.expectMembers(of: operation) }

    @Test(arguments: names) func takesWhatTheModelAllows(operation: String) { comparison.expectTakesWhatTheModelAllows(operation) }

    @Test(arguments: names) func refusesWhatTheModelForbids(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).broken {
            let error = #expect(throws: AWSError.self, "\(probe.testDescription)") { try comparison.decode(operation, probe.input) }
            #expect(error?.code == "ValidationError", "\(probe.testDescription)")
            let member = probe.member.prefix(1).lowercased() + probe.member.dropFirst()
            #expect(error?.message?.contains(member) == true, "\(probe.testDescription): \(error?.message ?? "")")
        }
    }

    @Test(arguments: QueryService.iam.missing.sorted()) func whatIsNotThereSaysSo(operation: String) async throws {
        let answer = try await QueryWire().call(operation)
        #expect(answer.status == 400)
        #expect(answer.code == "InvalidAction")
        #expect(answer.message == "Berth does not implement iam:\(operation).")
        #expect(answer.action == "iam:\(operation)")
    }

    @Test(arguments: ["", "createUser", "CreateUser2", "GetCallerIdentity"]) func whatIsNoOperationIsUnknown(operation: String) async throws {
        let answer = try await QueryWire().call(operation)
        #expect(answer.status == 400)
        #expect(answer.code == "InvalidAction")
        #expect(answer.message == "Could not find operation \(operation) for version 2010-05-08")
        #expect(answer.action == nil)
    }

    @Test func anErrorOfOursTellsNothingButTheRequest() async throws {
        let wire = try await QueryWire()
        try await wire.succeed("CreateUser", ["UserName": "bob"])
        try await wire.succeed("PutUserPolicy", ["UserName": "bob", "PolicyName": "p", "PolicyDocument": Self.policy])
        try await wire.identity.database.write { transaction in
            _ = try transaction.execute("UPDATE inline_policies SET document = 'secret'")
            try AuthorizationChanges.advance(transaction)
        }
        let answer = try await wire.call("GetUser", as: try await wire.user("bob"))
        #expect(answer.status == 500)
        #expect(answer.code == "ServiceFailure")
        #expect(answer.message == "The request failed for a reason of the server's own. Request id: 00000000-0000-4000-8000-000000000000")
        #expect(answer.body["Error"]?["Type"]?.text == "Receiver")
    }

    private static let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}"#

    @Test func aUserDoesWhatItsPoliciesAllowAndNoMore() async throws {
        let wire = try await QueryWire()
        for user in ["bob", "ann"] { try await wire.succeed("CreateUser", ["UserName": user, "Path": "/team/"]) }
        let policy = """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":["iam:GetUser","iam:TagUser"],"Resource":"arn:aws:iam::123456789012:user/team/${aws:username}"},
              {"Effect":"Deny","Action":"iam:TagUser","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":"Owner"}}},
              {"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":"arn:aws:iam::*:policy/ci/*"}}}]}
            """
        try await wire.succeed("PutUserPolicy", ["UserName": "bob", "PolicyName": "own", "PolicyDocument": policy])
        for name in ["/ci/pull", "/admin"] {
            let parts = name.split(separator: "/")
            let path = parts.count > 1 ? "/\(parts[0])/" : "/"
            try await wire.succeed("CreatePolicy", ["PolicyName": String(parts.last ?? ""), "Path": path, "PolicyDocument": Self.policy])
        }
        let bob = try await wire.user("bob")
        try await wire.succeed("GetUser", as: bob)
        try await wire.succeed("GetUser", ["UserName": "bob"], as: bob)
        #expect(try await wire.call("GetUser", ["UserName": "ann"], as: bob).code == "AccessDenied")
        try await wire.succeed("TagUser", ["UserName": "bob", "Tags.member.1.Key": "team", "Tags.member.1.Value": "x"], as: bob)
        let owner = try await wire.call("TagUser", ["UserName": "bob", "Tags.member.1.Key": "Owner", "Tags.member.1.Value": "x"], as: bob)
        #expect(owner.message?.hasSuffix("with an explicit deny in an identity-based policy") == true)
        let attach = { (arn: String) in try await wire.call("AttachUserPolicy", ["UserName": "ann", "PolicyArn": arn], as: bob).status }
        #expect(try await attach("arn:aws:iam::123456789012:policy/ci/pull") == 200)
        #expect(try await attach("arn:aws:iam::123456789012:policy/admin") == 403)
        try await wire.succeed("DeleteUserPolicy", ["UserName": "bob", "PolicyName": "own"])
        #expect(try await wire.call("GetUser", as: bob).code == "AccessDenied", "the next request sees the policy gone")
    }

    /// A valid request of every operation by a user without rights: refused, by the operation's own action.
    @Test(arguments: names) func nobodyElseMayDoAnything(operation: String) async throws {
        let wire = try await QueryWire()
        try await wire.succeed("CreateUser", ["UserName": "eve"])
        let shape = try #require(Self.model.operations[operation]).input
        let answer = try await wire.call(operation, Self.model.sample(of: shape).form(), as: try await wire.user("eve"))
        #expect(answer.status == 403)
        #expect(answer.code == "AccessDenied")
        let message = try #require(answer.message)
        #expect(message.hasPrefix("User: arn:aws:iam::123456789012:user/eve is not authorized to perform: iam:\(operation) on resource: "))
        #expect(message.hasSuffix(" because no identity-based policy allows the iam:\(operation) action"))
    }
}
