import AWSCore
import Foundation
import NIOCore
import SwiftASN1
import X509

/// A name in a server's certificate: a host name, perhaps with a `*` as its first label, or an IP address.
struct ServerName: Hashable {
    let text: String

    /// The name as an entry of SubjectAlternativeName.
    var generalName: GeneralName {
        switch try? SocketAddress(ipAddress: text, port: 0) {
        case .v4(let address):
            .ipAddress(ASN1OctetString(contentBytes: withUnsafeBytes(of: address.address.sin_addr) { ArraySlice($0) }))
        case .v6(let address):
            .ipAddress(ASN1OctetString(contentBytes: withUnsafeBytes(of: address.address.sin6_addr) { ArraySlice($0) }))
        default: .dnsName(text)
        }
    }

    /// This machine's names.
    static let loopback = ["localhost", "127.0.0.1", "::1"].map(ServerName.init(text:))

    /// The names by which ECR Public is reached.
    ///
    /// Source: AWS General Reference, "Amazon ECR Public endpoints and quotas".
    static let amazonPublic = ["public.ecr.aws", "api.ecr-public.us-east-1.amazonaws.com", "ecr-public.us-east-1.api.aws"].map(ServerName.init(text:))

    /// The names by which AWS's tools reach ECR, KMS and STS in `region`.
    ///
    /// Source: AWS General Reference, "Amazon ECR endpoints and quotas", "AWS KMS endpoints" and "AWS STS endpoints".
    static func amazon(_ region: Region) -> [ServerName] {
        [
            "*.dkr.ecr.\(region).amazonaws.com", "api.ecr.\(region).amazonaws.com", "sts.\(region).amazonaws.com", "sts.amazonaws.com",
            "kms.\(region).amazonaws.com",
            "*.dkr-ecr.\(region).on.aws", "ecr.\(region).api.aws",
        ].map(ServerName.init(text:))
    }
}
