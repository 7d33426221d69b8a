import AWSCore

/// The model's ImageScanningConfiguration.
struct ScanningConfiguration: Decodable, Sendable {
    let scanOnPush: Bool?

    /// Passes when no scan is asked for; what is not there is refused, never accepted and ignored.
    func requireOff() throws {
        if scanOnPush == true {
            throw AWSError.unsupported("Berth does not implement scanOnPush true yet: it has no image scanner. Use false.")
        }
    }
}
