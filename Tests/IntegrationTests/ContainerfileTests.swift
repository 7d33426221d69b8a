import Testing

extension IntegrationTests {
    /// The Containerfile, built on a Debian made by `debootstrap`.
    @Suite struct ContainerfileTests {
        @Test func theImageServes() async throws {
            // The one step with a network: Debian's own packages, from the mirror that this machine uses.
            let base = Checkout.scratch + "/debian"
            try await Machine.onThisNetwork("scripts/clients/build-debian \(base)")
            try await Machine.with { machine in
                try await machine.shell(
                    """
                    tar -C \(base)/root -c . | podman import --quiet - berth-base
                    mkdir -p context/bin && cp $BERTH context/bin/berth && cp -r \(Checkout.root)/packaging context/
                    cd context && podman build --isolation chroot -f packaging/Containerfile --build-arg BASE=localhost/berth-base -t berth .
                    """, timeout: 300)
                try await machine.shell("$CLIENTS/swift-libraries $BERTH \(base)/root $MACHINE/libraries")
                let run = "podman run --rm -v $MACHINE/libraries:/libraries:ro -e LD_LIBRARY_PATH=/libraries berth"
                #expect(try await machine.shell(run + " version") == (try await machine.shell("$BERTH version")))
                let server = try await machine.daemon(
                    "container", "exec \(run) serve --listen 127.0.0.1:5000", until: "curl -fsS http://127.0.0.1:5000/readyz")
                #expect(try await machine.shell("podman exec --latest id -un") == "berth")
                try await machine.shell("podman stop --latest")
                _ = server
            }
        }
    }
}
