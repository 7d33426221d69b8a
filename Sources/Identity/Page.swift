/// Part of a list, and where the next part begins.
package struct Page<Element: Sendable>: Sendable {
    package let elements: [Element]
    /// The cursor to go on with; nil on the last page.
    package let next: String?

    /// The first `limit` of `found`, of which one more was asked for to know whether there is a next page.
    package init(_ found: [Element], limit: Int, cursor: (Element) -> String) {
        elements = Array(found.prefix(limit))
        next = found.count > limit ? elements.last.map(cursor) : nil
    }

    /// The part of a short list that comes after `cursor`, which counts elements.
    package init(of all: [Element], after cursor: String?, limit: Int) {
        let start = min(cursor.flatMap { Int($0) } ?? 0, all.count)
        elements = Array(all[start...].prefix(limit))
        next = start + elements.count < all.count ? String(start + elements.count) : nil
    }

    private init(elements: [Element], next: String?) {
        self.elements = elements
        self.next = next
    }

    /// The same with every element replaced.
    package func map<Other: Sendable>(_ transform: (Element) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(elements: try elements.map(transform), next: next)
    }
}
