import Foundation
import Synchronization

/// Adds up sizes that are told one by one.
final class SizeSum: Sendable {
    private let state = Mutex<(files: Int, bytes: Int64)>((0, 0))

    func add(_ size: Int64) { state.withLock { $0 = ($0.files + 1, $0.bytes + size) } }

    var sum: (files: Int, bytes: Int64) { state.withLock { $0 } }
}

func readFile(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

func writeFile(_ bytes: ArraySlice<UInt8>, to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

/// Moves all that is in a folder into another, which is made when absent.
func moveContents(of folder: String, to other: String) throws {
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(other)/\(name)")
    }
}
