import NIOCertificateReloading
import ServiceLifecycle

/// Reads the certificate again from time to time.
struct CertificateWatch: Service {
    let certificate: TimedCertificateReloader

    func run() async throws { try await certificate.run() }
}
