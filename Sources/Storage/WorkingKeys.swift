import Domain

package struct AttemptKey: Hashable, Sendable {
    package let refund: Refund.ID
    package let number: Int64

    package init(_ attempt: Attempt) {
        refund = attempt.refund
        number = attempt.number
    }
}

/// A name from elsewhere, as it is given.
struct NewName: Hashable, Sendable {
    let book: Book
    let kind: ObjectKind
    let spelling: Spelling

    init(book: Book, kind: ObjectKind, spelling: Spelling) {
        self.book = book
        self.kind = kind
        self.spelling = spelling
    }

    init(_ alias: Alias) {
        self.init(book: alias.book, kind: alias.object.kind, spelling: alias.spelling)
    }
}

/// A refund that was not asked for here, as the processor knows it.
struct ExternalKey: Hashable, Sendable {
    let payment: Payment.ID
    let reference: String

    /// - Returns: `nil` for a refund that was asked for here, or has no reference.
    init?(_ refund: Refund) {
        guard refund.kind == .external, let reference = refund.processorReference else { return nil }
        self.init(refund.payment, reference)
    }

    init(_ payment: Payment.ID, _ reference: String) {
        self.payment = payment
        self.reference = reference
    }
}

package struct FacetKey: Hashable, Sendable {
    package let book: Book
    package let dialect: String
    package let object: ObjectReference

    package init(_ book: Book, _ dialect: String, _ object: ObjectReference) {
        self.book = book
        self.dialect = dialect
        self.object = object
    }
}

package struct NoteKey: Hashable, Sendable {
    package let book: Book
    package let object: ObjectReference
    package let name: String

    package init(_ book: Book, _ object: ObjectReference, _ name: String) {
        self.book = book
        self.object = object
        self.name = name
    }
}

/// A total that lists show, kept as a count so that no request has to count.
package struct Tally: Hashable, Sendable {
    package enum Name: Hashable, Sendable {
        case payments
        case refunds
        case hiddenPayments(String)
        case hiddenRefunds(String)
        /// How often something left a list, or came into the middle of one.
        case losses

        package var text: String {
            switch self {
            case .payments: "payments"
            case .refunds: "refunds"
            case .hiddenPayments(let dialect): "hidden payments \(dialect)"
            case .hiddenRefunds(let dialect): "hidden refunds \(dialect)"
            case .losses: "losses"
            }
        }
    }

    package let book: Book
    package let name: Name

    package init(_ book: Book, _ name: Name) {
        self.book = book
        self.name = name
    }
}
