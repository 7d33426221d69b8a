/// Why a configuration cannot be served; the description is a sentence for who wrote it.
package enum EdgeConfigurationError: Error, Hashable, CustomStringConvertible {
    case noListener
    case plaintextBeyondLoopback(ListenAddress)
    case certificateMissing
    case badPublicURL(String)
    case regionNotListed(String)

    package var description: String {
        switch self {
        case .noListener: "Nothing to listen on: give --listen or --listen-tls."
        case .plaintextBeyondLoopback(let address):
            "Refusing to listen on \(address) without TLS, as others on the network could read tokens and images. "
                + "Use --listen-tls, listen on 127.0.0.1, or give --allow-plaintext when a proxy before it does the TLS."
        case .certificateMissing: "A listener with TLS needs --tls-certificate and --tls-key; `berth tls init` makes both."
        case .badPublicURL(let text): "The public URL must be http://HOST[:PORT] or https://HOST[:PORT], not \"\(text)\"."
        case .regionNotListed(let region): "The default region \(region) is not among the regions that are served."
        }
    }
}

extension EdgeConfiguration {
    /// Throws the first reason why this cannot be served.
    package func check() throws(EdgeConfigurationError) {
        guard !plain.isEmpty || !tls.isEmpty else { throw .noListener }
        if !allowPlaintext, let address = (plain + (tls.isEmpty ? publicListeners : [])).first(where: { !$0.isLoopback }) {
            throw .plaintextBeyondLoopback(address)
        }
        guard tls.isEmpty || certificate != nil else { throw .certificateMissing }
        if let publicURL, Origin(publicURL) == nil { throw .badPublicURL(publicURL) }
        guard regions.isEmpty || regions.contains(region) else { throw .regionNotListed(region.description) }
    }
}
