/// The dates of conditions: W3C's profile of ISO 8601, or seconds since 1970.
enum PolicyDate {
    /// Seconds since 1970-01-01T00:00:00Z of `2026-01-31`, `2026-01-31T10:00Z`, `2026-01-31T10:00:00.5+02:00` or `1767225600`; nil
    /// for anything else.
    static func seconds(_ text: String) -> Double? {
        if let seconds = Int64(text) { return Double(seconds) }
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let day = days(parts[0]) else { return nil }
        guard parts.count == 2 else { return Double(day * 86_400) }
        guard let time = timeOfDay(parts[1]) else { return nil }
        return Double(day * 86_400) + time
    }

    private static func days(_ text: Substring) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2, let year = Int64(parts[0]),
            let month = Int64(parts[1]),
            let day = Int64(parts[2]), (1...12).contains(month), (1...lastDay(of: month, year)).contains(day)
        else { return nil }
        // Days of the proleptic Gregorian calendar, counted in years that begin in March.
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func lastDay(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func timeOfDay(_ text: Substring) -> Double? {
        var (clock, offset): (Substring, Double) = (text, 0)
        if text.hasSuffix("Z") {
            clock = text.dropLast()
        } else if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let zone = text[text.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
            guard zone.count == 2, let hours = Double(zone[0]), let minutes = Double(zone[1]), hours < 24, minutes < 60 else { return nil }
            offset = (hours * 3600 + minutes * 60) * (text[sign] == "+" ? 1 : -1)
            clock = text[..<sign]
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hours = Double(parts[0]), let minutes = Double(parts[1]),
            let seconds = parts.count == 3 ? Double(parts[2]) : 0,
            (0..<24).contains(hours), (0..<60).contains(minutes), (0..<61).contains(seconds)
        else { return nil }
        return hours * 3600 + minutes * 60 + seconds - offset
    }
}
