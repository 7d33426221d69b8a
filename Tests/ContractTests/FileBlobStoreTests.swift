import FileBlobStore
import Foundation
import NIOCore
import NIOPosix
import Stores
import TestSupport
import Testing

/// What holds of files beyond the contract of `BlobStore`.
@Suite struct FileBlobStoreTests {
    let folder: TemporaryFolder
    let root: String
    let test: TestBlobStore

    init() throws {
        folder = try TemporaryFolder()
        root = folder.file("store")
        test = TestBlobStore(folder: folder, store: try FileBlobStore(root: root))
    }

    @Test func keysArePaths() async throws {
        try await test.upload([1, 2], to: key("ab/upload"))
        try await test.upload([3], to: key("ab/object"))
        try await test.store.commit(key("ab/object"), size: 1, as: key("ab/object"))
        let files = try FileManager.default.subpathsOfDirectory(atPath: root).sorted()
        #expect(files == ["blobs", "blobs/ab", "blobs/ab/object", "uploads", "uploads/ab", "uploads/ab/upload"])
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: root + "/" + file)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == (isFolder ? 0o700 : 0o600))
        }
    }

    @Test func reopeningKeepsObjectsAndUploads() async throws {
        try await test.upload([1, 2], to: key("u"))
        try await test.upload([3], to: key("o"))
        try await test.store.commit(key("o"), size: 1, as: key("o"))
        let again = TestBlobStore(folder: folder, store: try FileBlobStore(root: root))
        #expect(try await again.read(key("o")) == [3])
        try await again.upload([4], to: key("u"), at: 2)
        try await again.store.commit(key("u"), size: 3, as: key("u"))
        #expect(try await again.read(key("u")) == [1, 2, 4])
    }

    @Test func theDescriptorHoldsExactlyTheBytes() async throws {
        try await test.upload([1, 2, 3], to: key("a"))
        try await test.store.commit(key("a"), size: 3, as: key("a"))
        let blob = try await test.store.open(key("a"))
        defer { blob.close() }
        let descriptor = try #require(blob.fileDescriptor)
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(pread(descriptor, &bytes, 10, 0) == 3)
        #expect(bytes.prefix(3) == [1, 2, 3])
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0, "children must not inherit it")
    }

    /// Writes of all sizes, broken off and resumed anywhere, before and behind the point from which they bypass the page cache.
    @Test(arguments: [0, 1, 4096, 100_000, 1 << 30])
    func anUploadIsItsBytesHoweverTheyCome(_ cached: Int) async throws {
        let store = try FileBlobStore(root: root, cachedUploadBytes: Int64(cached))
        var random = SeededRandom(seed: UInt64(cached) + 7)
        var expected: [UInt8] = []
        for round in 0..<6 {
            let file = try await store.append(to: key("u"), at: Int64(expected.count))
            var durable = expected
            for _ in 0..<5 {
                let size = [1, 511, 4096, 4097, 65_536, 600_000][Int.random(in: 0..<6, using: &random)]
                let bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                try await file.write(ByteBuffer(bytes: bytes))
                durable += bytes
            }
            // Every other append is broken off: what it wrote since the last synchronization is forgotten by the next.
            if round.isMultiple(of: 2) {
                try await file.synchronize()
                expected = durable
            }
            await file.close()
        }
        try await store.commit(key("u"), size: Int64(expected.count), as: key("o"))
        let blob = try await store.open(key("o"))
        defer { blob.close() }
        #expect(blob.size == Int64(expected.count))
        let content = try await blob.read(at: 0, count: expected.count)
        #expect(Array(content.readableBytesView) == expected)
    }

    @Test(arguments: ["blobs/link", "blobs/ab/link"])
    func linksAreNotFollowed(_ name: String) async throws {
        let secret = folder.file("secret")
        try Data("secret".utf8).write(to: URL(filePath: secret))
        try FileManager.default.createDirectory(atPath: root + "/blobs/ab", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: root + "/" + name, withDestinationPath: secret)
        let key = try key(String(name.dropFirst("blobs/".count)))
        await #expect(throws: BlobStoreError.self) { _ = try await test.store.open(key) }
        #expect(try await test.store.size(of: key) == nil)
        try await test.store.list { key, _ in Issue.record("listed \(key)") }
    }

    @Test func linkedFoldersAreNotFollowed() async throws {
        let outside = folder.file("outside")
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: URL(filePath: outside + "/file"))
        for area in ["blobs", "uploads"] {
            try FileManager.default.createSymbolicLink(atPath: "\(root)/\(area)/ab", withDestinationPath: outside)
        }
        await #expect(throws: BlobStoreError.self) { _ = try await test.store.open(key("ab/file")) }
        await #expect(throws: BlobStoreError.self) { _ = try await test.store.append(to: key("ab/new"), at: 0) }
        await #expect(throws: BlobStoreError.self) { try await test.store.delete(key("ab/file")) }
        try await test.upload([1], to: key("a"))
        await #expect(throws: BlobStoreError.self) { try await test.store.commit(key("a"), size: 1, as: key("ab/a")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["file"])
        try await test.store.list { key, _ in #expect(key.description == "a") }
    }

    @Test func whatIsNoFileIsNoObject() async throws {
        try FileManager.default.createDirectory(atPath: root + "/blobs/folder", withIntermediateDirectories: true)
        #expect(mkfifo(root + "/blobs/fifo", 0o600) == 0)
        for name in ["folder", "fifo"] {
            await #expect(throws: BlobStoreError.self) { _ = try await test.store.open(key(name)) }
            #expect(try await test.store.size(of: key(name)) == nil)
        }
    }

    @Test func nothingStaysOpen() async throws {
        for number in 0..<20 {
            let key = try key("\(number)")
            try await test.upload([1, 2, 3], to: key)
            await #expect(throws: BlobStoreError.self) { _ = try await test.store.append(to: key, at: 9) }
            await #expect(throws: BlobStoreError.self) { try await test.store.commit(key, size: 9, as: key) }
            try await test.store.commit(key, size: 3, as: key)
            _ = try await test.read(key)
            try await test.upload([4], to: key)
            await #expect(throws: BlobStoreError.self) { try await test.store.commit(key, size: 1, as: key) }
            try await test.store.cancel(key)
            try await test.store.list { _, _ in }
            try await test.store.delete(key)
        }
        // The two areas themselves, and nothing else under the root.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { descriptor in
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        }
        #expect(open.filter { $0.hasPrefix(root) }.sorted() == [root + "/blobs", root + "/uploads"])
    }

    @Test func aCancelledReaderLeavesNothingOpen() async throws {
        try await test.upload([1, 2, 3], to: key("a"))
        try await test.store.commit(key("a"), size: 3, as: key("a"))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    do {
                        try await test.store.open(key("a")).close()
                    } catch {
                        #expect(error is CancellationError)
                    }
                }
            }
            group.cancelAll()
        }
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { descriptor in
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        }
        #expect(open.filter { $0.hasPrefix(root + "/blobs/") } == [])
    }

    @Test func aGivenPoolIsUsedAndLeftRunning() async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        do {
            let store = TestBlobStore(folder: folder, store: try FileBlobStore(root: folder.file("second"), threads: threads))
            try await store.upload([1], to: key("a"))
        }
        #expect(try await threads.runIfActive { 1 } == 1)
        try await threads.shutdownGracefully()
    }

    /// On a file system of 256 KiB, which only root can mount.
    @Test func aFullDeviceIsToldAndForgotten() async throws {
        let mount = folder.file("small")
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
        try runAsRoot("mount", "-t", "tmpfs", "-o", "size=256k,mode=1777", "none", mount)
        do {
            let small = TestBlobStore(folder: folder, store: try FileBlobStore(root: mount + "/store"))
            await #expect(throws: BlobStoreError.full) { try await small.upload(small.bytes(400_000), to: key("large")) }
            try await small.store.cancel(key("large"))
            try await small.upload([1, 2, 3], to: key("small"))
            try await small.store.commit(key("small"), size: 3, as: key("small"))
            #expect(try await small.read(key("small")) == [1, 2, 3])
        }
        try runAsRoot("umount", "-l", mount)
    }

    private func runAsRoot(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = (geteuid() == 0 ? [] : ["sudo", "-n"]) + command
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(command)")
    }
}
