/// A moment as SigV4 writes it, to the second.
struct SigningTime: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    init(milliseconds: Int64) { seconds = milliseconds / 1000 }

    /// The moment that ISO 8601's basic form `yyyymmddThhmmssZ` writes; nil for anything else.
    init?(basic text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            let year = number(bytes[0..<4]), let month = number(bytes[4..<6]), let day = number(bytes[6..<8]),
            let hour = number(bytes[9..<11]), let minute = number(bytes[11..<13]), let second = number(bytes[13..<15])
        else { return nil }
        self.init(year, month, day, hour, minute, second)
    }

    /// The moment of an HTTP date, `Mon, 09 Sep 2011 23:36:00 GMT`; nil for anything else.
    init?(http text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 29, String(decoding: bytes[26..<29], as: UTF8.self) == "GMT",
            let month = Self.months.firstIndex(of: String(decoding: bytes[8..<11], as: UTF8.self)),
            let day = number(bytes[5..<7]), let year = number(bytes[12..<16]),
            let hour = number(bytes[17..<19]), let minute = number(bytes[20..<22]), let second = number(bytes[23..<25])
        else { return nil }
        self.init(year, month + 1, day, hour, minute, second)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private init?(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) {
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        // Days from the civil calendar with years that begin in March, so that the leap day comes last.
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        seconds = Int64(era * 146_097 + dayOfEra - 719_468) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        guard self.day.utf8.elementsEqual(digits(year, 4) + digits(month, 2) + digits(day, 2)) else { return nil }
    }

    /// `yyyymmdd`.
    var day: String { String(Substring(basic.utf8.prefix(8))) }

    /// `yyyymmddThhmmssZ`.
    var basic: String {
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = Int(days - era * 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        let time = Int(seconds % 86_400)
        var bytes = digits(year, 4) + digits(month, 2) + digits(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2)
        bytes.append(UInt8(ascii: "T"))
        bytes += digits(time / 3600, 2) + digits(time / 60 % 60, 2) + digits(time % 60, 2)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    static func < (left: SigningTime, right: SigningTime) -> Bool { left.seconds < right.seconds }

    static func + (time: SigningTime, seconds: Int64) -> SigningTime { SigningTime(seconds: time.seconds + seconds) }
}

/// The decimal number of `digits`; nil when one is none.
private func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
}

/// The last `count` decimal digits of `value`.
private func digits(_ value: Int, _ count: Int) -> [UInt8] {
    var rest = value
    var digits = [UInt8](repeating: 0, count: count)
    for index in digits.indices.reversed() {
        digits[index] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
    }
    return digits
}
