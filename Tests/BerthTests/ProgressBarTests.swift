import Testing

@testable import berth

@Suite struct ProgressBarTests {
    @Test func aBarTellsShareRateAndTime() {
        let half = ProgressBar(done: 1 << 30, total: 2 << 30, unit: .bytes)
        #expect(half.text(after: .seconds(4)) == "[##########..........]  50 %  1.0 GiB of 2.0 GiB, 256 MiB/s, 4 s left")
        #expect(half.text(after: .milliseconds(500)) == "[##########..........]  50 %  1.0 GiB of 2.0 GiB")
        let slow = ProgressBar(done: 10, total: 1000, unit: .items)
        #expect(slow.text(after: .seconds(100)) == "[....................]   1 %  10 of 1000, 0.1/s, 2 h 45 min left")
        #expect(ProgressBar(done: 100, total: 1000, unit: .items).text(after: .seconds(10)).hasSuffix("100 of 1000, 10/s, 1 min 30 s left"))
        #expect(ProgressBar(done: 7, total: 7, unit: .items).text(after: .seconds(1)) == "[####################] 100 %  7 of 7, 7.0/s")
        #expect(ProgressBar(done: 0, total: 0, unit: .bytes).text(after: .seconds(9)) == "[####################] 100 %  0 bytes of 0 bytes")
    }
}
