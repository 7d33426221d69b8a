import FileBlobStore
import NIOCore
import Stores
import Synchronization
import TestSupport
import Testing

/// What every `BlobStore` promises, over every implementation and decorator.
@Suite struct BlobStoreSuite {
    enum Backend: CaseIterable {
        case files
        case memory
        case faultyWithoutFaults

        func open() throws -> TestBlobStore {
            let folder = try TemporaryFolder()
            let store: any BlobStore =
                switch self {
                case .files: try FileBlobStore(root: folder.file("store"))
                case .memory: InMemoryBlobStore()
                case .faultyWithoutFaults: FaultyBlobStore(try FileBlobStore(root: folder.file("store")))
                }
            return TestBlobStore(folder: folder, store: store)
        }
    }

    @Test(arguments: Backend.allCases)
    func anUploadBecomesAnObject(_ backend: Backend) async throws {
        let test = try backend.open()
        let (key, store) = (try key("ab/cd"), test.store)
        let bytes = test.bytes(100_000)
        try await test.upload(bytes, to: key)
        await #expect(throws: BlobStoreError.missing(key)) { _ = try await store.open(key) }
        #expect(try await store.size(of: key) == nil)

        try await store.commit(key, size: 100_000, as: key)
        #expect(try await test.read(key) == bytes)
        #expect(try await store.size(of: key) == 100_000)
        await #expect(throws: BlobStoreError.missing(key)) { _ = try await store.openUpload(key) }
        await #expect(throws: BlobStoreError.missing(key)) { try await store.commit(key, size: 100_000, as: key) }
        await #expect(throws: BlobStoreError.missing(key)) { _ = try await store.append(to: key, at: 1) }
    }

    @Test(arguments: Backend.allCases)
    func whatIsOpenBecomesAnObjectAtOnce(_ backend: Backend) async throws {
        let test = try backend.open()
        let (key, store) = (try key("ab/cd"), test.store)
        let bytes = test.bytes(100_000)
        try await test.upload(Array(bytes[..<1000]), to: key)
        let file = try await store.append(to: key, at: 1000)
        try await file.write(ByteBuffer(bytes: bytes[1000..<50_000]))
        try await file.write(ByteBuffer(bytes: bytes[50_000...]))
        try await file.commit(as: key)
        await file.close()
        #expect(try await test.read(key) == bytes)
        await #expect(throws: BlobStoreError.missing(key)) { _ = try await store.openUpload(key) }
    }

    @Test(arguments: Backend.allCases)
    func whatIsReadInPiecesIsWhatIsThere(_ backend: Backend) async throws {
        let test = try backend.open()
        let bytes = test.bytes((2 << 20) + 5)
        try await test.upload(bytes, to: key("a"))
        try await test.store.commit(key("a"), size: Int64(bytes.count), as: key("a"))
        let blob = try await test.store.open(key("a"))
        defer { blob.close() }
        // All of it, a part, none, and more than there is.
        for (start, end) in [(0, bytes.count), (3, (1 << 20) + 3), (7, 7), (9, 8), (1, bytes.count + 9)] {
            var (read, offsets): ([UInt8], [Int64]) = ([], [])
            let last = try await blob.readPieces(from: Int64(start), to: Int64(end)) { piece, offset in
                #expect(piece.readableBytes <= 1 << 20)
                read += piece.readableBytesView
                offsets.append(offset)
                #expect(offset == Int64(start + read.count))
            }
            let expected = start < end ? Array(bytes[start..<min(end, bytes.count)]) : []
            #expect(read == expected)
            #expect(last == Int64(start + expected.count) && offsets.last ?? Int64(start) == last)
        }
    }

    @Test(arguments: Backend.allCases)
    func whatIsBegunComesIntoBeingWithItsBytes(_ backend: Backend) async throws {
        let test = try backend.open()
        let bytes = test.bytes(300_000)
        for (name, parts) in [("a/none", [0]), ("a/one", [300_000]), ("a/two", [1, 300_000])] {
            let key = try key(name)
            // What an earlier attempt has left is not part of it.
            try await test.upload([9, 9, 9], to: key)
            let file = try await test.store.begin(key)
            var start = 0
            for end in parts {
                let piece = ByteBuffer(bytes: bytes[start..<end])
                if end < 300_000 { try await file.write(piece) } else { try await file.commit(as: key) { try $0(piece) } }
                start = end
            }
            if parts.last == 0 { try await file.commit(as: key) }
            await file.close()
            #expect(try await test.read(key) == Array(bytes[..<start]))
        }
    }

    @Test(arguments: Backend.allCases)
    func manyAreRemovedAtOnceUploadsAndObjects(_ backend: Backend) async throws {
        let test = try backend.open()
        let names = ["a/1", "a/2", "b/1", "b/2", "c", "absent/1"]
        for name in names.dropLast() {
            // Under one name an object, an upload, or both.
            try await test.upload([1, 2], to: try key(name))
            if name != "a/2" { try await test.store.commit(try key(name), size: 2, as: try key(name)) }
            if name == "b/2" { try await test.upload([3], to: try key(name)) }
        }
        try await test.upload([4], to: try key("a/kept"))
        try await test.store.remove([])
        try await test.store.remove(try names.map { try key($0) })
        try await test.store.remove(try names.map { try key($0) })
        let left = Mutex<[String]>([])
        try await test.store.list { key, size in left.withLock { $0.append("\(key) \(size)") } }
        #expect(left.withLock { $0 } == ["a/kept 1"])
    }

    @Test(arguments: Backend.allCases)
    func theDurableSizeIsThatOfTheObject(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a/1")
        #expect(try await test.store.durableSize(of: key) == nil)
        try await test.upload([1, 2, 3], to: key)
        #expect(try await test.store.durableSize(of: key) == nil)
        try await test.store.commit(key, size: 3, as: key)
        #expect(try await test.store.durableSize(of: key) == 3)
    }

    @Test(arguments: Backend.allCases)
    func aCommitThatItsBodyRefusesLeavesAnUploadThatGoesOn(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        let bytes = test.bytes(5000)
        let file = try await test.store.begin(key)
        try await file.write(ByteBuffer(bytes: bytes[..<2000]))
        await #expect(throws: Refusal.self) {
            try await file.commit(as: key) { append in
                try append(ByteBuffer(bytes: bytes[2000..<3000]))
                throw Refusal()
            }
        }
        #expect(try await test.store.size(of: key) == nil)
        try await file.write(ByteBuffer(bytes: bytes[3000..<4000]))
        try await file.synchronize()
        await file.close()
        try await test.upload(Array(bytes[4000...]), to: key, at: 4000)
        try await test.store.commit(key, size: 5000, as: key)
        #expect(try await test.read(key) == bytes)
    }

    private struct Refusal: Error {}

    @Test(arguments: Backend.allCases)
    func anObjectIsNeverReplaced(_ backend: Backend) async throws {
        let test = try backend.open()
        let (first, second) = (try key("a/1"), try key("a/2"))
        try await test.upload([1, 2, 3], to: first)
        try await test.store.commit(first, size: 3, as: first)
        try await test.upload([4, 5, 6], to: second)
        await #expect(throws: BlobStoreError.self) { try await test.store.commit(second, size: 3, as: first) }
        #expect(try await test.read(first) == [1, 2, 3])
    }

    @Test(arguments: Backend.allCases)
    func appendingGoesOnWhereItStopped(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        let bytes = test.bytes(3000)
        try await test.upload(Array(bytes[..<1000]), to: key)
        try await test.upload(Array(bytes[1000...]), to: key, at: 1000)
        let upload = try await test.store.openUpload(key)
        #expect(upload.size == 3000)
        #expect(Array(try await upload.read(at: 0, count: 5000).readableBytesView) == bytes)
        upload.close()
    }

    @Test(arguments: Backend.allCases)
    func whatLiesBehindTheOffsetIsForgotten(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        try await test.upload([1, 2, 3, 4, 5], to: key)
        try await test.upload([9], to: key, at: 2)
        try await test.store.commit(key, size: 3, as: key)
        #expect(try await test.read(key) == [1, 2, 9])
    }

    @Test(arguments: Backend.allCases)
    func startingAgainStartsEmpty(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        try await test.upload([1, 2, 3], to: key)
        try await test.upload([], to: key)
        try await test.store.commit(key, size: 0, as: key)
        #expect(try await test.read(key) == [])
        #expect(try await test.store.size(of: key) == 0)
    }

    @Test(arguments: Backend.allCases)
    func aTornTailIsNoPartOfTheObject(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        try await test.upload([1, 2, 3, 4, 5], to: key)
        await #expect(throws: BlobStoreError.missing(key)) { try await test.store.commit(key, size: 6, as: key) }
        try await test.store.commit(key, size: 2, as: key)
        #expect(try await test.read(key) == [1, 2])
    }

    @Test(arguments: Backend.allCases)
    func anOffsetBeyondTheEndIsMissing(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        await #expect(throws: BlobStoreError.missing(key)) { _ = try await test.store.append(to: key, at: 1) }
        try await test.upload([1, 2, 3], to: key)
        await #expect(throws: BlobStoreError.missing(key)) { _ = try await test.store.append(to: key, at: 4) }
    }

    @Test(arguments: Backend.allCases)
    func readsEndAtTheEnd(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        try await test.upload([1, 2, 3, 4, 5], to: key)
        try await test.store.commit(key, size: 5, as: key)
        let blob = try await test.store.open(key)
        defer { blob.close() }
        #expect(blob.size == 5)
        for (offset, count, expected) in [(0, 5, [1, 2, 3, 4, 5]), (1, 2, [2, 3]), (3, 9, [4, 5]), (5, 1, []), (99, 1, []), (2, 0, [])] {
            let bytes = try await blob.read(at: Int64(offset), count: count)
            #expect(Array(bytes.readableBytesView) == expected.map(UInt8.init), "\(count) from \(offset)")
        }
    }

    /// Of one that was just read, whose bytes are at hand: small ones are in memory, large ones in the page cache.
    @Test(arguments: Backend.allCases, [5_000, 200_000])
    func whatIsAtHandNeedsNoWaiting(_ backend: Backend, _ size: Int) async throws {
        let test = try backend.open()
        let key = try key("a")
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try await test.upload(content, to: key)
        try await test.store.commit(key, size: Int64(size), as: key)
        let blob = try await test.store.open(key)
        defer { blob.close() }
        _ = try await blob.read(at: 0, count: size)
        let room = ReadBuffer(capacity: 1_000)
        for (offset, count) in [(0, 1_000), (1, 3_000), (size - 10, 500), (size, 1), (size + 9, 1)] {
            let bytes = try #require(try blob.readNow(at: Int64(offset), count: count, into: room), "\(count) from \(offset)")
            #expect(Array(bytes.readableBytesView) == Array(content.dropFirst(offset).prefix(count)), "\(count) from \(offset)")
            #expect(try await blob.readSoon(at: Int64(offset), count: count) == bytes)
        }
    }

    @Test(arguments: Backend.allCases)
    func uploadsDoNotDisturbEachOther(_ backend: Backend) async throws {
        let test = try backend.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let key = try key("\(number % 4)/\(number)")
                    var random = SeededRandom(seed: UInt64(number))
                    let bytes = random.bytes(50_000 + number)
                    let upload = try await test.store.append(to: key, at: 0)
                    for start in stride(from: 0, to: bytes.count, by: 7000) {
                        try await upload.write(ByteBuffer(bytes: bytes[start..<min(start + 7000, bytes.count)]))
                    }
                    try await upload.synchronize()
                    await upload.close()
                    try await test.store.commit(key, size: Int64(bytes.count), as: key)
                    #expect(try await test.read(key) == bytes)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Backend.allCases)
    func anOpenObjectOutlivesItsDeletion(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a/b")
        try await test.upload([1, 2, 3], to: key)
        try await test.store.commit(key, size: 3, as: key)
        let blob = try await test.store.open(key)
        defer { blob.close() }
        try await test.store.delete(key)
        #expect(try await test.store.size(of: key) == nil)
        #expect(Array(try await blob.read(at: 0, count: 3).readableBytesView) == [1, 2, 3])
    }

    @Test(arguments: Backend.allCases)
    func whatIsCutOffIsForgotten(_ backend: Backend) async throws {
        let test = try backend.open()
        let a = try key("a")
        try await test.store.cut(a, to: 0)
        await #expect(throws: BlobStoreError.missing(a)) { _ = try await test.store.openUpload(a) }
        try await test.upload([1, 2, 3], to: a)
        try await test.store.cut(a, to: 5)
        try await test.store.cut(a, to: 1)
        try await test.upload([4], to: a, at: 1)
        try await test.store.commit(a, size: 2, as: a)
        #expect(try await test.read(a) == [1, 4])
    }

    @Test(arguments: Backend.allCases)
    func removingWhatIsAbsentIsNoError(_ backend: Backend) async throws {
        let test = try backend.open()
        let (a, never) = (try key("a"), try key("never/was"))
        try await test.store.delete(never)
        try await test.store.cancel(never)
        try await test.upload([1], to: a)
        try await test.store.cancel(a)
        try await test.store.cancel(a)
        await #expect(throws: BlobStoreError.missing(a)) { _ = try await test.store.openUpload(a) }
    }

    @Test(arguments: Backend.allCases)
    func uploadsAndObjectsAreNamedApart(_ backend: Backend) async throws {
        let test = try backend.open()
        let key = try key("a")
        try await test.upload([1], to: key)
        try await test.store.commit(key, size: 1, as: key)
        try await test.upload([2, 3], to: key)
        try await test.store.delete(key)
        let upload = try await test.store.openUpload(key)
        #expect(upload.size == 2)
        upload.close()
    }

    @Test(arguments: Backend.allCases)
    func theListNamesEverything(_ backend: Backend) async throws {
        let test = try backend.open()
        var expected: [String] = []
        // More than the file store reads at a time.
        for number in 0..<600 {
            let key = try key("\(number % 7)/\(number)")
            try await test.upload([UInt8](repeating: 1, count: number % 5), to: key)
            if number % 2 == 0 { try await test.store.commit(key, size: Int64(number % 5), as: key) }
            expected.append("\(key) \(number % 5)")
        }
        let found = Collected()
        try await test.store.list { key, size in await found.add("\(key) \(size)") }
        #expect(await found.all.sorted() == expected.sorted())
    }

    private actor Collected {
        var all: [String] = []
        func add(_ text: String) { all.append(text) }
    }

    @Test(arguments: ["", "/", "a/", "/a", "a//b", "../a", "a/..", ".", "a/./b", "A", "a b", "a\0b", "ä", "a\\b", "a:b"])
    func keysStayInside(_ text: String) {
        #expect(ObjectKey(text) == nil)
    }

    @Test(arguments: ["a", "0", "a/b/c", "sha256/ab/abc.1", "..a", "a..", "-", "_", "..."])
    func keysAreKept(_ text: String) {
        #expect(ObjectKey(text)?.description == text)
    }
}
