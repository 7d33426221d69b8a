import AWSCore
import IAM
import Testing

@Suite struct RequestContextTests {
    @Test(arguments: [
        ("http://localhost:5000", "localhost:5000", "http://localhost:5000"),
        ("https://registry.example.com", "registry.example.com", "https://registry.example.com"),
        (
            "https://api.ecr.eu-west-1.amazonaws.com", "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"
        ),
        (
            "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com", "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"
        ),
    ])
    func imageNamesBeginWhereTheCallerCanReachThem(origin: String, host: String, registry: String) throws {
        let account = try #require(AccountID("123456789012"))
        let region = try #require(Region("eu-west-1"))
        let context = RequestContext(
            caller: .root(of: account, accessKeyID: "AKIDEXAMPLE", region: region), region: region, requestID: "r", sourceIP: "127.0.0.1",
            isSecure: false,
            userAgent: nil, origin: origin)
        #expect(context.registryHost == host)
        #expect(context.registryOrigin(of: account) == registry)
    }
}
