import AWSCore

/// A page of a list, as all lists of the API look.
struct ListOutput<Element: JSONValue>: JSONObject {
    /// The member that holds the elements.
    let name: String
    let elements: [Element]
    /// Where the list goes on; nil at its end.
    let marker: String?

    func members(_ json: inout JSONWriter) {
        json.member(name, elements)
        json.member("NextMarker", marker)
        json.member("Truncated", marker != nil)
    }
}
