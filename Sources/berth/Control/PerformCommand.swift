import Foundation
import RegistryCore

extension Installation {
    /// Performs a command, sent by socket or given with no server running; returns what to print.
    func perform(_ command: ControlCommand) async throws -> String {
        switch command {
        case .resetRootKey:
            try await resetRootKey()
            return "The new root access key is in \(folder.clientCredentials); the old one and its docker logins no longer work."
        case .gcStatus:
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(try await services.reclaimStatus()), as: UTF8.self)
        }
    }
}
