import Domain

/// What one API keeps about an object and no other API sees: opaque here, never personal.
package struct Facet: Sendable, Equatable {
    package let book: Book
    package let dialect: String
    package let object: ObjectReference
    /// JSON, written and read by the dialect alone.
    package var body: String
    /// Since when that API no longer shows the object.
    package var hiddenAt: Moment?

    package init(book: Book, dialect: String, object: ObjectReference, body: String, hiddenAt: Moment? = nil) {
        self.book = book
        self.dialect = dialect
        self.object = object
        self.body = body
        self.hiddenAt = hiddenAt
    }
}

/// Free text about an object, apart from it so that it can be erased.
package struct Note: Sendable, Equatable {
    package let book: Book
    package let object: ObjectReference
    /// What kind of text it is, such as `comment`.
    package let name: String
    package let text: String

    /// Every name that a note can have.
    package static let names = [
        "approval", "comment", "description", "device", "note", "receipt_email", "resolution", "statement_descriptor",
    ]

    package init(book: Book, object: ObjectReference, name: String, text: String) {
        precondition(Note.names.contains(name), "a note has a known name")
        self.book = book
        self.object = object
        self.name = name
        self.text = text
    }
}

/// An id from elsewhere for an object of ours.
package struct Alias: Sendable, Equatable {
    package let book: Book
    package let spelling: Spelling
    package let object: ObjectReference

    package init(book: Book, spelling: Spelling, object: ObjectReference) {
        self.book = book
        self.spelling = spelling
        self.object = object
    }
}

/// The texts by which APIs know the objects of an answer. Empty but for objects that came from elsewhere.
package struct Names: Sendable, Equatable {
    private var texts: [UInt128: [Spelling]] = [:]

    package init() {}

    package mutating func add(_ spelling: Spelling, for id: UInt128) {
        texts[id, default: []].append(spelling)
    }

    package func contains(_ id: UInt128?) -> Bool { id.map { texts[$0] != nil } ?? false }

    package func text(for id: UInt128, in dialect: String) -> String? {
        texts.isEmpty ? nil : texts[id]?.first { $0.dialect == dialect }?.text
    }
}

/// What an answer was about: an object, or another thing that has an id.
package struct AnswerSubject: Sendable, Equatable {
    /// Such as `refund` or `api_key`.
    package let kind: String
    package let id: UInt128

    package init(kind: String, id: UInt128) {
        self.kind = kind
        self.id = id
    }

    package init(_ object: ObjectReference) {
        self.init(kind: object.kind.rawValue, id: object.id)
    }
}

/// What was answered to a request that carried an idempotency key. Kept as long as what it made.
package struct IdempotencyRecord: Sendable, Equatable {
    package let key: IdempotencyKey
    /// Keyed digest over API, route and canonical body.
    package let fingerprint: Digest256
    /// The master key that the fingerprint was made with.
    package let fingerprintKeyID: String
    package let subject: AnswerSubject
    /// The answer's body, byte for byte.
    package let answer: [UInt8]
    package let createdAt: Moment

    package init(
        key: IdempotencyKey,
        fingerprint: Digest256,
        fingerprintKeyID: String,
        subject: AnswerSubject,
        answer: [UInt8],
        createdAt: Moment
    ) {
        self.key = key
        self.fingerprint = fingerprint
        self.fingerprintKeyID = fingerprintKeyID
        self.subject = subject
        self.answer = answer
        self.createdAt = createdAt
    }
}

/// A merchant, with one book for each mode.
package struct Account: Sendable, Equatable {
    package let number: Int64
    package let name: String
    package let createdAt: Moment
    package var settings: AccountSettings

    package init(number: Int64, name: String, createdAt: Moment, settings: AccountSettings = AccountSettings()) {
        self.number = number
        self.name = name
        self.createdAt = createdAt
        self.settings = settings
    }

    /// Two books an account: odd numbers test, even ones live.
    package func book(_ mode: Mode) -> Book {
        Book(mode == .test ? number * 2 - 1 : number * 2)
    }

    package static func number(of book: Book) -> Int64 { (book.number + 1) / 2 }

    package static func mode(of book: Book) -> Mode { book.number % 2 == 1 ? .test : .live }
}

/// What an account chose; names and meanings in `docs/reference/settings.md`.
package struct AccountSettings: Sendable, Equatable {
    package var values: [String: String] = [:]

    package init(_ values: [String: String] = [:]) {
        self.values = values
    }

    package func isOn(_ name: String) -> Bool { values[name] == "on" }

    package func integer(_ name: String) -> Int64? { values[name].flatMap { Int64($0) } }

    package func seconds(_ name: String) -> Int64 { integer(name) ?? 0 }
}

/// A credential. Its text is not kept: only what recognises it.
package struct APIKey: Sendable, Equatable {
    package let hash: Digest256
    /// Public name of the key, such as `key_1f3a…`; the actor of what is done with it.
    package let name: String
    package let book: Book
    package let dialect: String
    /// What the key begins with, up to its random part.
    package let prefix: String
    package let lastFour: String
    /// Empty for all.
    package let scopes: Set<String>
    package let createdAt: Moment
    /// What its owner calls it.
    package let label: String?
    /// From then on it is no key.
    package let expiresAt: Moment?
    /// The version of its API that it speaks where a request says nothing else; `nil` for an API without versions, and for
    /// keys from before there were any.
    package let apiVersion: String?
    package var revokedAt: Moment?

    package init(
        hash: Digest256,
        name: String,
        book: Book,
        dialect: String,
        prefix: String,
        lastFour: String,
        scopes: Set<String>,
        createdAt: Moment,
        label: String? = nil,
        expiresAt: Moment? = nil,
        apiVersion: String? = nil,
        revokedAt: Moment? = nil
    ) {
        self.hash = hash
        self.name = name
        self.book = book
        self.dialect = dialect
        self.prefix = prefix
        self.lastFour = lastFour
        self.scopes = scopes
        self.createdAt = createdAt
        self.label = label
        self.expiresAt = expiresAt
        self.apiVersion = apiVersion
        self.revokedAt = revokedAt
    }

    package var mode: Mode { Account.mode(of: book) }

    package func allows(_ scope: String) -> Bool { scopes.isEmpty || scopes.contains(scope) }

    package func isValid(at moment: Moment) -> Bool {
        revokedAt == nil && expiresAt.map { moment < $0 } ?? true
    }
}
