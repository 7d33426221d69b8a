import RegistryCore

/// `berth keys reencrypt --repository`
struct ChangeKey {
    let runner: KeysRunner
    let place: RepositoryPlace

    /// Goes through what lies under the former key until nothing is left.
    func run(to kind: String, _ key: String?) async throws {
        let begun: KeyChange = try await runner.ask(.changeKey(place, kind: kind, key: key))
        print("What is pushed to \(place.name) from now on is under \(begun.name).")
        var left = begun
        while left.isUnderWay {
            let moved = try await pass(of: left)
            left = try await runner.ask(.finishKeyChange(place))
            guard left.isUnderWay, moved == 0 else { continue }
            // Whoever is in the middle of a push may end it.
            guard left.manifests == 0, left.blobs == 0 else { throw Refusal(reason(left)) }
            try await Task.sleep(for: .seconds(1))
        }
        print("All of \(place.name) is under \(begun.name): no manifest, blob or upload lies under the former key, which is destroyed for it.")
    }

    private func pass(of left: KeyChange) async throws -> Int {
        var (next, moved, bytes): (MovePosition?, Int, Int64) = (.uploads, 0, 0)
        while let position = next {
            let step: MoveStep = try await runner.ask(.moveContent(place, position))
            (next, moved, bytes) = (step.next, moved + step.moved, bytes + step.bytes)
            runner.line.show("reencrypt", ProgressBar(done: bytes, total: max(bytes, left.bytes), unit: .bytes))
        }
        runner.line.end()
        return moved
    }

    private func reason(_ left: KeyChange) -> String {
        """
        \(left.manifests) manifests and \(left.blobs) blobs lie under the former key still, \(left.damagedBlobs) of them damaged: `berth fsck` tells which, \
        and a push of the same content heals them. Then run the command again.
        """
    }
}

extension KeyChange {
    /// The kind, with the key.
    var name: String { kmsKey.map { "\(encryptionType) with \($0)" } ?? encryptionType }
}
