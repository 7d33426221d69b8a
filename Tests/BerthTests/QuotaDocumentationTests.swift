import Foundation
import RegistryCore
import Testing

@testable import berth

@Suite struct QuotaDocumentationTests {
    @Test func theTableInTheDocumentsIsTheListOfLimits() throws {
        let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/quotas.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.prefix(NamedLimit.all.count).map(String.init)
        #expect(rows == NamedLimit.all.map { "| `\($0.name)` | \($0.standard.map(String.init) ?? "none") | \($0.summary). |" })
    }

    @Test func everyLimitCanBeSetAndIsThenAnother() throws {
        for limit in NamedLimit.all {
            let settings = try Settings(from: [.flags([.limit: ["\(limit.name)=7"]])])
            var limits = Limits()
            #expect(limit.apply(7, to: &limits))
            #expect("\(settings.limits)" == "\(limits)" && "\(limits)" != "\(Limits())", "\(limit.name)")
        }
    }

    @Test(
        "Values with their units",
        arguments: [
            ("layer-bytes=10GiB", 10 << 30), ("manifest-bytes=1MiB", 1 << 20), ("layer-bytes=2TiB", 2 << 40), ("layer-bytes=512KiB", 512 << 10),
        ])
    func units(text: String, value: Int64) throws {
        #expect(Settings.limit(text)?.value == value)
    }

    @Test(arguments: [
        "layer-bytes", "layer-bytes=", "layer-bytes=0", "layer-bytes=-1", "nothing=1", "layer-bytes=1GB", "layer-bytes=1=2",
        "layer-bytes=99999999999TiB",
    ]) func refusesWhatIsNoLimit(text: String) {
        #expect(throws: Refusal.self) { try Settings(from: [.flags([.limit: [text]])]) }
    }

    @Test func aLimitWhoseDefaultIsNoneCanBeTakenAway() throws {
        #expect(try Settings(from: [.flags([.limit: ["bytes-per-account=5", "bytes-per-account=0"]])]).limits.bytesPerAccount == nil)
    }

    @Test func rates() throws {
        #expect(try Settings(from: []).rates == .generous)
        #expect(try Settings(from: [.flags([.rates: ["none"]])]).rates == .unlimited)
        let settings = try Settings(from: [.flags([.rates: ["ecr"], .rate: ["PutImage=50", "ListImages=0.5/20"]])])
        #expect(settings.rates["ecr:PutImage"] == Rate(perSecond: 50))
        #expect(settings.rates["ecr:ListImages"] == Rate(perSecond: 0.5, burst: 20))
        #expect(settings.rates["ecr:BatchGetImage"] == Rates.ecr["ecr:BatchGetImage"])
        for text in ["PutImage", "PutImage=0", "PutImage=x", "Put=1", "PutImage=1/0.5", "PutImage=1/2/3", "ecr:PutImage=1"] {
            #expect(throws: Refusal.self, "\(text)") { try Settings(from: [.flags([.rate: [text]])]) }
        }
    }

    @Test func events() throws {
        #expect(try Settings(from: []).events.destinations.isEmpty)
        let settings = try Settings(from: [.flags([.eventFile: ["/e"], .eventWebhook: ["https://example.com/x"], .data: ["/d"]])]).events
        #expect(settings.destinations == [.file, .webhook] && settings.secret == "/d/webhook.secret")
        for url in ["example.com", "ftp://example.com", "https://"] {
            #expect(throws: Refusal.self, "\(url)") { try Settings(from: [.flags([.eventWebhook: [url]])]) }
        }
    }
}
