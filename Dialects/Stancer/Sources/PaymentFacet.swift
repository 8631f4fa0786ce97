import DialectKit
import Domain
import Engine

/// What only this API knows of a payment. Kept as JSON beside it.
struct PaymentFacet: Equatable {
    /// A payer who has to prove who they are.
    struct Authentication: Equatable {
        enum Status: String {
            /// The payer can be sent to the page of the payment.
            case requested
            /// The payer can be sent to their bank.
            case available
            case success
        }

        var status: Status
        let returnURL: String?
    }

    /// What a request sets; `nil` leaves it as it is.
    struct Edit: Equatable {
        var authentication: Authentication?
        var capture: Bool?
        var methodsAllowed: [String]?
        var returnURL: String?
        /// The simulation takes the merchant's next step for the payer's proof.
        var passesAuthentication = false
    }

    var authentication: Authentication?
    var capture = true
    /// `nil` for all.
    var methodsAllowed: [String]?
    var returnURL: String?

    init() {}

    func applying(_ edit: Edit) -> PaymentFacet {
        var facet = self
        facet.authentication = edit.authentication ?? authentication
        facet.capture = edit.capture ?? capture
        facet.methodsAllowed = edit.methodsAllowed ?? methodsAllowed
        facet.returnURL = edit.returnURL ?? returnURL
        if edit.passesAuthentication { facet.authentication?.status = .success }
        return facet
    }
}

// MARK: - On the wire

extension PaymentFacet.Edit {
    init(_ fields: Fields) throws(Refusal) {
        authentication = try PaymentFacet.Authentication(in: fields)
        capture = try fields.flag("capture")
        methodsAllowed = try PaymentFacet.Edit.methods(fields)
        returnURL = try Requests.returnURL(fields)
    }

    private static func methods(_ fields: Fields) throws(Refusal) -> [String]? {
        guard let value = fields["methods_allowed"] else { return nil }
        guard case .array(let values) = value, !values.isEmpty else {
            throw fields.invalid("methods_allowed", "must be an array of card, sepa or both")
        }
        var methods: [String] = []
        for value in values {
            guard case .string(let method) = value, method == "card" || method == "sepa", !methods.contains(method)
            else { throw fields.invalid("methods_allowed", "must be an array of card, sepa or both") }
            methods.append(method)
        }
        return methods
    }
}

extension PaymentFacet.Authentication {
    /// `{"status": "request"}`, with an address to come back to unless the payment page asks for it.
    fileprivate init?(in fields: Fields) throws(Refusal) {
        guard let auth = try fields.object("auth") else { return nil }
        guard try auth.text("status") ?? "request" == "request" else {
            throw auth.invalid("status", "must be request")
        }
        let returnURL = try Requests.returnURL(auth)
        self.init(status: returnURL == nil ? .requested : .available, returnURL: returnURL)
    }
}

// MARK: - In the database

extension PaymentFacet {
    /// What cannot be read is as if it had not been said.
    init(_ text: String?) {
        self.init()
        guard let text, let json = try? JSONReader.read(Array(text.utf8)) else { return }
        if case .bool(let flag)? = json["capture"] { capture = flag }
        if case .string(let url)? = json["return_url"] { returnURL = url }
        if case .array(let values)? = json["methods_allowed"] {
            methodsAllowed = values.compactMap { if case .string(let method) = $0 { method } else { nil } }
        }
        if case .string(let word)? = json["auth"]?["status"], let status = Authentication.Status(rawValue: word) {
            var returnURL: String?
            if case .string(let url)? = json["auth"]?["return_url"] { returnURL = url }
            authentication = Authentication(status: status, returnURL: returnURL)
        }
    }

    var text: String {
        let auth = authentication.map {
            JSONValue.members(
                ("return_url", $0.returnURL.map(JSONValue.string)),
                ("status", .string($0.status.rawValue))
            )
        }
        let json = JSONValue.members(
            ("auth", auth),
            ("capture", .bool(capture)),
            ("methods_allowed", methodsAllowed.map { .array($0.map(JSONValue.string)) }),
            ("return_url", returnURL.map(JSONValue.string))
        )
        return String(decoding: JSONWriter.bytes(json), as: UTF8.self)
    }
}
