import DialectKit
import Foundation
import Server

/// A client of one API, with the demo account's key.
package struct Speaker: Sendable {
    package let dialect: any Dialect
    private let authorization: String

    package init(_ name: String) {
        guard let dialect = Catalog.dialect(named: name), let key = Demo.keys.first(where: { $0.dialect == name })
        else {
            preconditionFailure("\(name) is spoken, and the demo account has a key for it")
        }
        self.dialect = dialect
        let isBearer = dialect.credential(in: .bearer(key.text)) != nil
        authorization = isBearer ? "Bearer \(key.text)" : "Basic \(Data("\(key.text):".utf8).base64EncodedString())"
    }

    package func saying(_ request: RequestText) -> RequestText {
        request.adding(host: dialect.hosts.first ?? "localhost", authorization: authorization)
    }
}
