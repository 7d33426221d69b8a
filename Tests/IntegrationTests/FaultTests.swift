import Foundation
import Testing

extension IntegrationTests {
    /// The short form of `make torture`: some of every kind of fault, each followed by a look at everything that was acknowledged. The long form has all
    /// of them, and a limit for restarts that holds on a machine which does nothing else.
    @Suite struct FaultTests {
        @Test func nothingAcknowledgedIsLost() async throws {
            try await Machine.with { machine in
                let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
                let said = try await machine.shell(
                    "PATH=$PATH:'\(path)' python3 \(Checkout.root)/scripts/faults/run.py --short --restart 20 --port 5996 --berth $BERTH",
                    timeout: 840)
                print(said)
                #expect(said.contains("nothing lost"))
                #expect(said.contains("\nShort form: nothing was lost."))
            }
        }
    }
}
