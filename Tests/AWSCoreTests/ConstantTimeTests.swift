import AWSCore
import Foundation
import Testing

/// How long a comparison takes says nothing of how much of a secret was guessed.
@Suite struct ConstantTimeTests {
    @Test func comparesAsEqualityDoes() {
        let texts: [[UInt8]] = [[], [0], [1], [0, 0], [0, 1], [128, 1], Array(repeating: 7, count: 64), Array(repeating: 7, count: 65)]
        for left in texts {
            for right in texts { #expect(equalsInConstantTime(left, right) == (left == right), "\(left) \(right)") }
        }
    }

    /// Of 64 KiB, a comparison that ends at the first difference would take a thousandth of the time, which no noise hides.
    @Test func aDifferenceAtTheBeginningTakesAsLongAsOneAtTheEnd() {
        let secret = [UInt8](repeating: 7, count: 64 << 10)
        var (first, last) = (secret, secret)
        first[0] = 8
        last[last.count - 1] = 8
        var times: [[UInt8]: Duration] = [:]
        for _ in 0..<9 {
            for guess in [first, last, secret] {
                let begin = processorTime()
                let isEqual = equalsInConstantTime(secret, guess)
                let time = processorTime() - begin
                #expect(isEqual == (guess == secret))
                times[guess] = min(times[guess] ?? time, time)
            }
        }
        for guess in [first, last] {
            let ratio = (times[guess] ?? .zero) / (times[secret] ?? .zero)
            #expect((0.25...4).contains(ratio), "\(ratio)")
        }
    }

    /// Of this thread alone: what else runs on the machine does not count.
    private func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
