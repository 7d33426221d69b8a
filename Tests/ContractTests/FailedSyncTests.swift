import Foundation
import Stores
import TestSupport
import Testing

@testable import FileBlobStore

/// What could not be made durable: what was acknowledged of it stays, and a second try does not pass for a first one.
@Suite struct FailedSyncTests {
    private let folder: TemporaryFolder
    private let store: FileBlobStore
    private let test: TestBlobStore

    init() throws {
        folder = try TemporaryFolder()
        store = try FileBlobStore(root: folder.file("store"))
        test = TestBlobStore(folder: folder, store: store)
    }

    @Test func theUploadIsPutBackAndCanOnlyBeCutOrCancelled() async throws {
        let (upload, object) = (try key("upload"), try key("object"))
        try await test.upload([1, 2, 3], to: upload)
        // A pipe cannot be synchronized.
        let pipe = Pipe()
        #expect(throws: SystemError.self) { try store.makeObject(object, of: upload, pipe.fileHandleForReading.fileDescriptor) }
        #expect(try await store.size(of: object) == nil)
        #expect(try Data(contentsOf: URL(filePath: folder.file("store/uploads/\(upload)"))) == Data([1, 2, 3]))
        for call in [{ _ = try await store.append(to: upload, at: 3) }, { try await store.commit(upload, size: 3, as: object) }]
            as [() async throws -> Void]
        {
            await #expect(throws: BlobStoreError.self) { try await call() }
        }
        await #expect(throws: BlobStoreError.self) { _ = try await store.durableSize(of: upload) }
        try await store.cut(upload, to: 1)
        #expect(try await store.openUpload(upload).size == 1)
        try await store.cancel(upload)
        try await test.upload([5], to: upload)
        try await store.commit(upload, size: 1, as: object)
        #expect(try await test.read(object) == [5])
    }
}
