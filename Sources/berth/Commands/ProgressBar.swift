/// How far something has come, as text.
struct ProgressBar: Hashable, Sendable {
    enum Unit: Hashable, Sendable { case items, bytes }

    let done: Int64
    let total: Int64
    let unit: Unit

    /// A bar, the share, the amount, and after a second the rate and the time that is left, if it goes on as it did for `elapsed`.
    func text(after elapsed: Duration) -> String {
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let filled = Int(share * 20)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
        let percent = String(Int(share * 100))
        var text = "[\(bar)] \(String(repeating: " ", count: 3 - percent.count))\(percent) %  \(amount(done)) of \(amount(total))"
        let seconds = elapsed / .seconds(1)
        if seconds >= 1, done > 0 {
            let rate = Double(done) / seconds
            text += ", \(unit == .items && rate < 10 ? tenths(rate) : amount(Int64(rate)))/s"
            if done < total { text += ", \(Self.time(Double(total - done) / rate)) left" }
        }
        return text
    }

    private func amount(_ number: Int64) -> String {
        guard unit == .bytes else { return String(number) }
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var (value, step) = (Double(number), 0)
        while value >= 1024, step < units.count - 1 {
            value /= 1024
            step += 1
        }
        return "\(step == 0 || value >= 100 ? String(Int64(value.rounded())) : tenths(value)) \(units[step])"
    }

    private func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func time(_ seconds: Double) -> String {
        let seconds = Int64(min(seconds.rounded(.up), 1e9))
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0 ? "\(hours) h \(minutes) min" : minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
    }
}
