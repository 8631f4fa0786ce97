import Domain
import Foundation
import Storage

/// Who a person is, as one sealed value.
package struct PersonRow: StoredRow {
    package static let table = "person"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = ["sealed"]
    package static let changingColumns: [String] = []

    package let book: Book
    package let id: Person.ID
    package let sealed: Data

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }
    package var fixedValues: [StoredValue] { [.bytes(sealed)] }
    package var changingValues: [StoredValue] { [] }

    package init(book: Book, id: Person.ID, sealed: Data) {
        self.book = book
        self.id = id
        self.sealed = sealed
    }

    package init(_ person: Person, _ sealer: Sealer) {
        book = person.book
        id = person.id
        let texts = person.details.texts.compactMapValues(\.self)
        sealed = sealer.seal(Array((texts.stored ?? "{}").utf8), at: Self.place(person.book, person.id))
    }

    package init(from columns: inout Columns) throws {
        book = try columns.book()
        id = try columns.id()
        sealed = try columns.data()
    }

    package func person(_ sealer: Sealer) throws -> Person {
        let json = try sealer.open(sealed, at: Self.place(book, id))
        guard let texts = try? JSONDecoder().decode([String: String].self, from: Data(json)) else {
            throw DamagedRow(table: Self.table, reason: "what is sealed is no person")
        }
        return Person(id: id, book: book, details: PersonDetails(texts))
    }

    private static func place(_ book: Book, _ id: Person.ID) -> SealedPlace {
        SealedPlace(table, book, Array(id.raw.data))
    }
}

extension PersonDetails {
    fileprivate var texts: [String: String?] {
        [
            "name": name, "first_name": firstName, "last_name": lastName, "email": email, "mobile": mobile,
            "postal_code": postalCode,
        ]
    }

    package init(_ texts: [String: String]) {
        self.init(
            name: texts["name"],
            firstName: texts["first_name"],
            lastName: texts["last_name"],
            email: texts["email"],
            mobile: texts["mobile"],
            postalCode: texts["postal_code"]
        )
    }
}

/// Free text about an object, sealed.
package struct NoteRow: StoredRow {
    package static let table = "note"
    package static let keyColumns = ["book", "object", "name"]
    package static let fixedColumns = ["kind"]
    package static let changingColumns = ["sealed"]

    package let book: Book
    package let object: ObjectReference
    package let name: String
    package let sealed: Data

    package var keyValues: [StoredValue] { [.book(book), .id(object.id), .text(name)] }
    package var fixedValues: [StoredValue] { [.word(object.kind)] }
    package var changingValues: [StoredValue] { [.bytes(sealed)] }

    package init(_ note: Note, _ sealer: Sealer) {
        book = note.book
        object = note.object
        name = note.name
        sealed = sealer.seal(Array(note.text.utf8), at: Self.place(note.book, note.object.id, note.name))
    }

    package init(from columns: inout Columns) throws {
        book = try columns.book()
        let id = try columns.raw()
        name = try columns.text()
        guard Note.names.contains(name) else { throw columns.damaged("no note is called so") }
        object = ObjectReference(try columns.word(), id)
        sealed = try columns.data()
    }

    package func note(_ sealer: Sealer) throws -> Note {
        let text = try sealer.open(sealed, at: Self.place(book, object.id, name))
        return Note(book: book, object: object, name: name, text: String(decoding: text, as: UTF8.self))
    }

    private static func place(_ book: Book, _ object: UInt128, _ name: String) -> SealedPlace {
        SealedPlace(table, book, Array(object.data) + Array(name.utf8))
    }
}

extension IdempotencyKey {
    /// Where its answer is sealed.
    package var place: SealedPlace { SealedPlace("answer", book, Array(text.utf8)) }
}
