import Foundation
import NIOCore
import NIOPosix
import OCI
import Stores

/// A folder with one repository as an OCI image layout, and beside it what a layout has no place for: `berth-repository.json`.
struct LayoutFolder: Codable, Hashable, Sendable {
    private static let pieceSize = 512 << 10
    /// What a manifest can have at most, in bytes: more than any limit of the registry.
    private static let manifestSize = 16 << 20

    /// Absolute.
    let path: String

    init(path text: String) { path = DataFolder(path: text).path }

    private var marker: String { "\(path)/\(ImageLayout.markerName)" }
    private var indexFile: String { "\(path)/\(ImageLayout.indexName)" }
    private var recordFile: String { path + "/berth-repository.json" }
    private func file(of digest: Digest) -> String { "\(path)/\(ImageLayout.path(of: digest))" }
    /// Where content is until it is whole.
    private func unfinishedFile(of digest: Digest) -> String { "\(path)/.unfinished-\(digest.hex)" }

    /// Makes the folder for `repository`, or goes on with it. Throws `Refusal` when it holds something else.
    func create(for repository: RepositoryPlace) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        if let record = try record(), record.place != repository {
            throw Refusal(
                "\(path) holds the repository \(record.place.name) of \(record.place.registryText); choose another folder.")
        }
        guard names.isEmpty || names.contains(ImageLayout.markerName) else {
            throw Refusal("\(path) is neither empty nor an image layout; choose another folder.")
        }
        do {
            for algorithm in Digest.Algorithm.allCases {
                try FileManager.default.createDirectory(
                    atPath: "\(path)/blobs/\(algorithm.rawValue)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw Refusal("The folder \(path) cannot be made: \(error.localizedDescription)")
        }
        try write(ImageLayout.Marker(), to: marker)
    }

    /// Whether the folder is a layout.
    var isThere: Bool { FileManager.default.fileExists(atPath: marker) }

    /// `index.json`. Throws `Refusal` when this is no layout.
    func index() throws -> ImageLayout.Index {
        guard isThere, let data = FileManager.default.contents(atPath: indexFile) else {
            throw Refusal("\(path) is no image layout: it must hold \(ImageLayout.markerName) and \(ImageLayout.indexName).")
        }
        do {
            let version = try JSONDecoder().decode(ImageLayout.Marker.self, from: FileManager.default.contents(atPath: marker) ?? Data())
            guard version == ImageLayout.Marker() else { throw Refusal("\(path) is a layout of version \(version.imageLayoutVersion), not 1.0.0.") }
            return try JSONDecoder().decode(ImageLayout.Index.self, from: data)
        } catch is DecodingError {
            throw Refusal("\(indexFile) is not the index of an image layout.")
        }
    }

    /// What an export left of the repository; nil in a layout that something else made.
    func record() throws -> RepositoryRecord? {
        guard let data = FileManager.default.contents(atPath: recordFile) else { return nil }
        do {
            return try JSONDecoder().decode(RepositoryRecord.self, from: data)
        } catch {
            throw Refusal("\(recordFile) is not what an export of this version writes.")
        }
    }

    /// Says what the layout holds, durably, in the place of what it held.
    func complete(_ index: ImageLayout.Index, _ record: RepositoryRecord) throws {
        try write(record, to: recordFile)
        try write(index, to: indexFile)
    }

    /// The size of content that is here, in bytes; nil when it is not.
    func size(of digest: Digest) -> Int64? { Self.size(of: file(of: digest)) }

    /// How much of content has come so far, in bytes.
    func unfinishedSize(of digest: Digest) -> Int64 { Self.size(of: unfinishedFile(of: digest)) ?? 0 }

    /// All content that is here, in bytes.
    var contentSize: Int64 {
        Digest.Algorithm.allCases.reduce(0) { sum, algorithm in
            let folder = "\(path)/blobs/\(algorithm.rawValue)"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.reduce(sum) { $0 + (Self.size(of: "\(folder)/\($1)") ?? 0) }
        }
    }

    /// A manifest of the layout, in which it has the type `mediaType`. Throws `Refusal` when it is not here, or not what its name says.
    func manifest(_ digest: Digest, _ mediaType: MediaType) throws -> Manifest {
        guard let size = size(of: digest) else { throw Refusal("The layout \(path) has no manifest \(digest).") }
        guard size <= Self.manifestSize, let payload = FileManager.default.contents(atPath: file(of: digest)).map({ [UInt8]($0) }),
            Digest.of(payload, by: digest.algorithm) == digest
        else { throw Refusal("The file \(file(of: digest)) is not the manifest that its name says.") }
        do {
            return try Manifest(payload: payload, contentType: mediaType)
        } catch {
            throw Refusal("The manifest \(digest) of the layout cannot be used: \(error)")
        }
    }

    /// Writes what `give` gives, which is the content of `digest`: durable and under its name when it returns, and nothing of it when `give` throws.
    func write(_ digest: Digest, _ give: ((ByteBuffer) async throws -> Void) async throws -> Void) async throws {
        let (unfinished, threads) = (unfinishedFile(of: digest), NIOThreadPool.singleton)
        do {
            guard FileManager.default.createFile(atPath: unfinished, contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: unfinished)
            else { throw Refusal("\(unfinished) cannot be written by the process that has the data folder open.") }
            do {
                try await give { bytes in
                    let data = Data(bytes.readableBytesView)
                    try await threads.runIfActive { try explaining { try handle.write(contentsOf: data) } }
                }
                try await threads.runIfActive { try explaining { try handle.synchronize() } }
                try handle.close()
            } catch {
                try handle.close()
                throw error
            }
            try BackupFolder.rename(unfinished, to: file(of: digest))
        } catch {
            if FileManager.default.fileExists(atPath: unfinished) { try FileManager.default.removeItem(atPath: unfinished) }
            throw error
        }
    }

    /// The bytes of content, in pieces. Throws `Refusal` when it is not here.
    func content(of digest: Digest) throws -> AnyAsyncSequence<ByteBuffer> {
        guard let handle = FileHandle(forReadingAtPath: file(of: digest)) else { throw Refusal("The layout \(path) has no content \(digest).") }
        let threads = NIOThreadPool.singleton
        return AnyAsyncSequence(
            AsyncThrowingStream<ByteBuffer, any Error>(unfolding: {
                let data = try await threads.runIfActive { try handle.read(upToCount: Self.pieceSize) }
                guard let data, !data.isEmpty else {
                    try handle.close()
                    return nil
                }
                return ByteBuffer(bytes: data)
            }))
    }

    private func write(_ value: some Encodable, to file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let unfinished = file + ".unfinished"
        guard FileManager.default.createFile(atPath: unfinished, contents: try encoder.encode(value), attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: unfinished)
        else { throw Refusal("\(unfinished) cannot be written.") }
        try handle.synchronize()
        try handle.close()
        try BackupFolder.rename(unfinished, to: file)
    }

    /// Does `body`, which writes; what the device says is a `Refusal`.
    private func explaining(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw Refusal("\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private static func size(of file: String) -> Int64? {
        var status = stat()
        return stat(file, &status) == 0 ? Int64(status.st_size) : nil
    }
}
