import Domain

/// What a command must see. `Execution` loads the union of a batch's footprints in one transaction.
///
/// A refund brings its payment, and a payment its pot, since those references never change.
package struct Footprint: Sendable {
    package var objects: Set<ObjectName> = []
    /// Payments together with everything that an answer about them shows.
    package var detailed: Set<ObjectName> = []
    /// Payments, or the payments of disputes, together with all their refunds, those refunds' attempts and evidence,
    /// and all their disputes.
    package var contested: Set<ObjectName> = []
    /// Payments together with the refunds that were asked for here, with their newest attempts and all evidence, and with
    /// the one that was found at the processor under a reference: however many others there are.
    package var found: Set<RefundFinding> = []
    /// Refunds together with their newest attempt and all evidence.
    package var attempted: Set<ObjectName> = []
    /// Objects together with the free texts about them.
    package var noted: Set<ObjectName> = []
    package var naturalKeys: Set<NaturalKey> = []
    package var idempotencyKeys: Set<IdempotencyKey> = []
    package var facets: Set<FacetName> = []
    package var accounts: Set<String> = []
    package var apiKeys: Set<Digest256> = []
    package var due: [DueWork] = []
    /// Books whose chain of the audit trail may grow.
    package var auditHeads: Set<Book> = []
    /// Of each lane its head, and the first delivery that waits behind it. Whoever changes a delivery names its lane.
    package var lanes: Set<Lane> = []
    /// Deliveries by what they tell.
    package var tellings: Set<Telling> = []
    /// Endpoints whose place in the events is to move.
    package var webhookMarks: Set<WebhookName> = []
    /// Books with all their endpoints.
    package var endpointsOf: Set<Book> = []
    /// Books to which something is added that nothing else in it names a book of.
    package var addedTo: Set<Book> = []
    /// Test-mode books whose clock may change: they are had alone.
    package var clocks: Set<Book> = []

    package init() {}

    package mutating func formUnion(_ other: Footprint) {
        objects.formUnion(other.objects)
        detailed.formUnion(other.detailed)
        contested.formUnion(other.contested)
        found.formUnion(other.found)
        attempted.formUnion(other.attempted)
        noted.formUnion(other.noted)
        naturalKeys.formUnion(other.naturalKeys)
        idempotencyKeys.formUnion(other.idempotencyKeys)
        facets.formUnion(other.facets)
        accounts.formUnion(other.accounts)
        apiKeys.formUnion(other.apiKeys)
        due.append(contentsOf: other.due)
        auditHeads.formUnion(other.auditHeads)
        lanes.formUnion(other.lanes)
        tellings.formUnion(other.tellings)
        webhookMarks.formUnion(other.webhookMarks)
        endpointsOf.formUnion(other.endpointsOf)
        addedTo.formUnion(other.addedTo)
        clocks.formUnion(other.clocks)
    }

    /// Every book that something in it is named of. A book's clock is part of what is seen of it.
    package var books: Set<Book> {
        var books = clocks.union(addedTo).union(auditHeads).union(endpointsOf)
        for names in [objects, detailed, contested, attempted, noted] {
            for name in names { books.insert(name.book) }
        }
        for found in found { books.insert(found.payment.book) }
        for key in naturalKeys { books.insert(key.book) }
        for key in idempotencyKeys { books.insert(key.book) }
        for name in facets { books.insert(name.book) }
        for work in due { if let book = work.ofBook { books.insert(book) } }
        for lane in lanes { books.insert(lane.book) }
        for telling in tellings { books.insert(telling.lane.book) }
        for name in webhookMarks { books.insert(name.book) }
        return books
    }

    /// Those of them that may have a time of their own.
    package var testBooks: Set<Book> { books.filter { Account.mode(of: $0) == .test } }
}

/// An object as somebody named it: by its id, by a text that came from elsewhere, or by a text that may be
/// either.
package struct ObjectName: Hashable, Sendable {
    package let book: Book
    package let kind: ObjectKind
    /// The id that the text stands for in its API's alphabet; `nil` when it stands for none.
    package let id: UInt128?
    /// Looked up among the aliases when no object has that id.
    package let spelling: Spelling?

    package init(_ kind: ObjectKind, _ id: UInt128, in book: Book) {
        self.kind = kind
        self.id = id
        self.book = book
        spelling = nil
    }

    package init(_ kind: ObjectKind, id: UInt128?, spelling: Spelling, in book: Book) {
        self.kind = kind
        self.id = id
        self.book = book
        self.spelling = spelling
    }
}

/// A refund as a processor tells of it: of which payment, under which reference.
package struct RefundFinding: Hashable, Sendable {
    package let payment: ObjectName
    package let reference: String

    package init(of payment: ObjectName, reference: String) {
        self.payment = payment
        self.reference = reference
    }
}

/// A text by which one API knows an object.
package struct Spelling: Hashable, Sendable {
    package let dialect: String
    package let text: String

    package init(dialect: String, text: String) {
        self.dialect = dialect
        self.text = text
    }
}

/// What makes a row the only one of its kind in a book.
package enum NaturalKey: Hashable, Sendable {
    case cardFingerprint(Book, Digest256)
    case customerIdentity(Book, Digest256)
    case customerEmail(Book, Digest256)
    case uniqueReference(Book, String)
    /// A processor's own payment: the connector, the merchant's account there, the reference.
    case processorReference(Book, String, String, String)

    package var book: Book {
        switch self {
        case .cardFingerprint(let book, _), .customerIdentity(let book, _), .customerEmail(let book, _),
            .uniqueReference(let book, _), .processorReference(let book, _, _, _):
            book
        }
    }
}

package struct IdempotencyKey: Hashable, Sendable {
    package let book: Book
    package let text: String

    package init(book: Book, text: String) {
        self.book = book
        self.text = text
    }
}

package struct FacetName: Hashable, Sendable {
    package let book: Book
    package let dialect: String
    package let object: ObjectName

    package init(dialect: String, object: ObjectName) {
        book = object.book
        self.dialect = dialect
        self.object = object
    }
}

/// Work whose time has come, oldest first.
package struct DueWork: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Queued refunds to send by a connector.
        case refundsToSend(connector: String)
        /// Refunds to ask a connector's processor about.
        case refundsToFollow(connector: String)
        /// Refunds whose approval came too late.
        case refundsToApprove
        /// Refunds whose call was never seen to end.
        case refundsInFlight
        /// Payments whose processor should have taken its next step.
        case payments
        /// Deliveries to send to one endpoint.
        case deliveries(Book, WebhookEndpoint.ID)
        /// Deliveries whose call was never seen to end.
        case deliveriesInFlight
    }

    package let kind: Kind
    /// A book with a time of its own, of which alone this is; `nil` for work of all books that live by the true time.
    /// Deliveries are an endpoint's, or of all books.
    package let book: Book?
    package let moment: Moment
    package let limit: Int

    package init(_ kind: Kind, of book: Book? = nil, at moment: Moment, limit: Int) {
        self.kind = kind
        self.book = book
        self.moment = moment
        self.limit = limit
    }

    /// The book that all of it is of; `nil` where it may be of any.
    package var ofBook: Book? {
        if case .deliveries(let book, _) = kind { book } else { book }
    }
}
