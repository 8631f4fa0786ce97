import Domain
import Engine
import HTTPTypes
import Storage
import Webhooks

/// One API that Storno speaks: routes, who may ask, and how refusals are worded.
package protocol Dialect: Sendable {
    /// As in path prefixes and stored with what is made through it, such as `stancer`.
    var name: String { get }
    /// The vendor's own host names, in lower case.
    var hosts: [String] { get }
    var routes: [Route] { get }
    /// What is answered without a key: only here ``openAnswer(to:)`` is asked.
    var openRoutes: [OpenRoute] { get }
    /// The API's description for programs and people: its `openapi.yaml`, as JSON.
    var document: StaticString { get }
    /// The version that new keys speak; `nil` for an API that has no versions of ours.
    var newestVersion: String? { get }

    /// Whether a credential can only be meant for this API, known or not.
    func claims(_ credentials: Credentials) -> Bool

    /// Whether a path, without any prefix, exists in this API alone.
    func claims(_ path: RequestPath) -> Bool

    /// The key's text in this API's way to send it; `nil` when there is none.
    func credential(in credentials: Credentials) -> String?

    /// What this API tells everybody at its open routes, with a key or without; `nil` for what only keys may know.
    func openAnswer(to request: WireRequest) -> WireResponse?

    /// Looks at what comes before everything else in a request, such as the version that it asks for.
    func check(_ request: WireRequest, of key: APIKey) throws(Refusal)

    /// What every answer of this API says besides.
    ///
    /// - Parameters:
    ///   - key: whose request it was; `nil` where none was recognised.
    ///   - rate: what is left to the key; `nil` where nothing limits it.
    func complete(_ response: inout WireResponse, to request: WireRequest, of key: APIKey?, _ rate: RateStanding?)

    /// Whether this key may use this route at all, beyond its scopes.
    func permits(_ key: APIKey, _ route: Route, settings: AccountSettings) -> Bool

    /// A new key: its whole text, and the part of it that is not secret.
    func newKey(_ mode: Mode, random: inout any RandomNumberGenerator & Sendable) -> NewKey

    /// The number that a text stands for in this API's alphabet for ids of that kind; `nil` for any other text.
    func id(_ kind: ObjectKind, _ text: String) -> UInt128?

    /// How an id that came from elsewhere is looked up, however a client wrote it.
    func spelling(_ text: String) -> String

    func render(_ refusal: Refusal, for request: WireRequest) -> WireResponse

    /// Writes events for webhooks; `nil` for an API that has none.
    var eventRenderer: (any EventRenderer)? { get }
}

package struct NewKey: Sendable {
    package let text: String
    package let prefix: String

    package init(text: String, prefix: String) {
        self.text = text
        self.prefix = prefix
    }

    /// - Parameter length: of the random part; each character is one of 62.
    package init(prefix: String, length: Int, random: inout any RandomNumberGenerator & Sendable) {
        let alphabet = Array(IdentifierText.base62.utf8)
        let characters = (0..<length).map { _ in alphabet[Int(random.next(upperBound: UInt64(alphabet.count)))] }
        self.init(text: prefix + String(decoding: characters, as: UTF8.self), prefix: prefix)
    }
}

extension Dialect {
    package var openRoutes: [OpenRoute] { [] }

    package var newestVersion: String? { nil }

    package func openAnswer(to request: WireRequest) -> WireResponse? { nil }

    package func check(_ request: WireRequest, of key: APIKey) throws(Refusal) {}

    package func complete(
        _ response: inout WireResponse,
        to request: WireRequest,
        of key: APIKey?,
        _ rate: RateStanding?
    ) {}

    package var eventRenderer: (any EventRenderer)? { nil }
    package func spelling(_ text: String) -> String { text }

    package func claims(_ path: RequestPath) -> Bool { false }

    package func claims(_ credentials: Credentials) -> Bool { false }

    package func permits(_ key: APIKey, _ route: Route, settings: AccountSettings) -> Bool { true }
}
