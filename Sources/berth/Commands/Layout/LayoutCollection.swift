import Foundation
import OCI

/// A folder of image layouts, one for each repository: what an export of several writes.
struct LayoutCollection {
    private let path: String

    /// Throws `Refusal` when the folder is itself a layout.
    init(path: String) throws {
        self.path = DataFolder(path: path).path
        guard !FileManager.default.fileExists(atPath: "\(self.path)/\(ImageLayout.markerName)") else {
            throw Refusal("\(self.path) is the layout of one repository; choose another folder.")
        }
    }

    /// The layout of a repository. All lie side by side: a folder of the name `team/app/blobs` would be within the layout of `team/app`.
    func layout(of name: String) -> LayoutFolder { LayoutFolder(path: "\(path)/\(name.replacing("/", with: "+"))") }

    /// Those that are there, by name. Throws `Refusal` when there is none.
    func layouts() throws -> [LayoutFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let found = names.sorted().map { "\(path)/\($0)" }.filter { FileManager.default.fileExists(atPath: "\($0)/\(ImageLayout.markerName)") }
        guard !found.isEmpty else {
            throw Refusal("\(path) is no image layout, and holds none: one has \(ImageLayout.markerName) and \(ImageLayout.indexName).")
        }
        return found.map { LayoutFolder(path: $0) }
    }
}
