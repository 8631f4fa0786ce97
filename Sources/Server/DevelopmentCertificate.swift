import Crypto
import Foundation
import SwiftASN1
import X509

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A certificate authority of one's own and a certificate for this machine, for development over HTTPS.
package struct DevelopmentCertificate: Sendable {
    package let authorityFile: String
    package let certificateFile: String
    package let keyFile: String

    /// Writes three PEM files into `directory`; the authority's own key is not kept, so that nobody can use it
    /// again.
    ///
    /// - Throws: ``SettingsFailure`` when one of the files is there already and `overwrites` is false.
    package static func make(in directory: String, names: [String], overwrites: Bool) throws -> DevelopmentCertificate {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let folder = URL(fileURLWithPath: directory)
        let files = DevelopmentCertificate(
            authorityFile: folder.appending(path: "storno-ca.pem").path,
            certificateFile: folder.appending(path: "storno-certificate.pem").path,
            keyFile: folder.appending(path: "storno-key.pem").path
        )
        if !overwrites, let there = files.all.first(where: { FileManager.default.fileExists(atPath: $0) }) {
            throw SettingsFailure(name: "directory", reason: "\(there) is there already; --force writes it anew")
        }
        let authority = try Authority()
        let key = P256.Signing.PrivateKey()
        let certificate = try authority.certificate(for: Certificate.PrivateKey(key), names: names)
        try write(authority.certificate.serializeAsPEM().pemString, to: files.authorityFile, mode: 0o644)
        try write(certificate.serializeAsPEM().pemString, to: files.certificateFile, mode: 0o644)
        try write(key.pemRepresentation, to: files.keyFile, mode: 0o600)
        return files
    }

    private var all: [String] { [authorityFile, certificateFile, keyFile] }

    private static func write(_ text: String, to path: String, mode: Int) throws {
        try? FileManager.default.removeItem(atPath: path)
        let content = Data((text + "\n").utf8)
        guard FileManager.default.createFile(atPath: path, contents: content, attributes: [.posixPermissions: mode])
        else {
            throw SettingsFailure(name: "directory", reason: "\(path) cannot be written")
        }
    }
}

private struct Authority {
    let certificate: Certificate
    private let key: Certificate.PrivateKey
    private let name: DistinguishedName
    private let begin = Date().addingTimeInterval(-3600)

    init() throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("Storno development authority") }
        self.key = key
        self.name = name
        certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: begin,
            notValidAfter: begin.addingTimeInterval(398 * 86400),
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key
        )
    }

    /// - Parameter names: host names and addresses that it is for.
    func certificate(for leaf: Certificate.PrivateKey, names: [String]) throws -> Certificate {
        let subject = try DistinguishedName { CommonName(names.first ?? "localhost") }
        let alternatives = names.map { name in
            IPAddressBytes(name).map { GeneralName.ipAddress(.init(contentBytes: $0.bytes[...])) }
                ?? GeneralName.dnsName(name)
        }
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: leaf.publicKey,
            notValidBefore: begin,
            notValidAfter: begin.addingTimeInterval(397 * 86400),
            issuer: name,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(alternatives)
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier)
            },
            issuerPrivateKey: key
        )
    }
}

/// The bytes of an IPv4 or IPv6 address; nothing for a name.
private struct IPAddressBytes {
    let bytes: [UInt8]

    init?(_ text: String) {
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: length)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }
}
