/// Part of a list, and where the next part begins.
package struct Page<Element: Sendable, Cursor: Sendable>: Sendable {
    package let elements: [Element]
    /// Where to go on; nil on the last page.
    package let next: Cursor?

    package init(elements: [Element], next: Cursor?) {
        self.elements = elements
        self.next = next
    }

    /// The first `limit` of `found`, of which one more was asked for to know whether there is a next page.
    package init(_ found: [Element], limit: Int, cursor: (Element) -> Cursor) {
        elements = Array(found.prefix(limit))
        next = found.count > limit ? elements.last.map(cursor) : nil
    }
}

extension Page where Cursor == String {
    /// The part of a short list that comes after `cursor`, which counts elements.
    package init(of all: [Element], after cursor: String?, limit: Int) {
        let start = min(cursor.flatMap { Int($0) } ?? 0, all.count)
        elements = Array(all[start...].prefix(limit))
        next = start + elements.count < all.count ? String(start + elements.count) : nil
    }
}
