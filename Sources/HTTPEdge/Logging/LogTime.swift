import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The time of log lines: RFC 3339 in UTC with milliseconds.
enum LogTime {
    private static let cached = Mutex<(second: time_t, text: [UInt8])>((0, []))

    /// Appends now. All but the milliseconds is made once a second.
    static func append(to line: inout [UInt8]) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let second = cached.withLock { cached in
            if cached.second != now.tv_sec { cached = (now.tv_sec, format(now.tv_sec)) }
            return cached.text
        }
        line += second
        let milliseconds = now.tv_nsec / 1_000_000
        line.append(UInt8(ascii: "."))
        for digit in [milliseconds / 100, milliseconds / 10 % 10, milliseconds % 10] { line.append(UInt8(ascii: "0") + UInt8(digit)) }
        line.append(UInt8(ascii: "Z"))
    }

    private static func format(_ second: time_t) -> [UInt8] {
        var second = second
        var parts = tm()
        gmtime_r(&second, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return Array("\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))".utf8)
    }
}
