/// A tag of something of IAM: a key, the same in any case of letters, and a value.
package struct IAMTag: Hashable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
