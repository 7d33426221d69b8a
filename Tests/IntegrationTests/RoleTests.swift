import Testing

extension IntegrationTests {
    /// Roles, identity providers and the simulator, with boto3.
    @Suite struct RoleTests {
        @Test func terraformFindsWhatItMakes() async throws {
            try await Berth.with { berth in
                try await berth.shell("python3 $CLIENTS/walk-as-terraform.py")
            }
        }

        /// What the simulator says is what happens, to users of many policies, on the API and on the docker path.
        @Test func theSimulatorSaysWhatHappens() async throws {
            try await Berth.with { berth in
                let comparisons = try await berth.shell("python3 $CLIENTS/simulate-and-ask.py")
                #expect(Int(comparisons).map { $0 > 900 } == true, "\(comparisons)")
            }
        }
    }
}
