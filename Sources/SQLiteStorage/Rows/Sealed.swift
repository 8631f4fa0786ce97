import Domain
import Foundation
import GRDB
import Storage

/// Who a person is, as one sealed value.
struct PersonRow: StoredRow {
    static let table = "person"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = ["sealed"]
    static let changingColumns: [String] = []

    let book: Book
    let id: Person.ID
    let sealed: Data

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }
    var fixedValues: [(any DatabaseValueConvertible)?] { [sealed] }
    var changingValues: [(any DatabaseValueConvertible)?] { [] }

    init(_ person: Person, _ sealer: Sealer) {
        book = person.book
        id = person.id
        let texts = person.details.texts.compactMapValues(\.self)
        sealed = sealer.seal(Array((texts.stored ?? "{}").utf8), at: Self.place(person.book, person.id))
    }

    init(from columns: inout Columns) throws {
        book = try columns.book()
        id = try columns.id()
        sealed = try columns.data()
    }

    func person(_ sealer: Sealer) throws -> Person {
        let json = try sealer.open(sealed, at: Self.place(book, id))
        guard let texts = try? JSONDecoder().decode([String: String].self, from: Data(json)) else {
            throw DamagedRow(table: Self.table, reason: "what is sealed is no person")
        }
        return Person(id: id, book: book, details: PersonDetails(texts))
    }

    private static func place(_ book: Book, _ id: Person.ID) -> SealedPlace {
        SealedPlace(table, book, Array(id.data))
    }
}

extension PersonDetails {
    fileprivate var texts: [String: String?] {
        [
            "name": name, "first_name": firstName, "last_name": lastName, "email": email, "mobile": mobile,
            "postal_code": postalCode,
        ]
    }

    init(_ texts: [String: String]) {
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
struct NoteRow: StoredRow {
    static let table = "note"
    static let keyColumns = ["book", "object", "name"]
    static let fixedColumns = ["kind"]
    static let changingColumns = ["sealed"]

    let book: Book
    let object: ObjectReference
    let name: String
    let sealed: Data

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, object.id.data, name] }
    var fixedValues: [(any DatabaseValueConvertible)?] { [object.kind.rawValue] }
    var changingValues: [(any DatabaseValueConvertible)?] { [sealed] }

    init(_ note: Note, _ sealer: Sealer) {
        book = note.book
        object = note.object
        name = note.name
        sealed = sealer.seal(Array(note.text.utf8), at: Self.place(note.book, note.object.id, note.name))
    }

    init(from columns: inout Columns) throws {
        book = try columns.book()
        let id = try columns.raw()
        name = try columns.text()
        guard Note.names.contains(name) else { throw columns.damaged("no note is called so") }
        object = ObjectReference(try columns.word(), id)
        sealed = try columns.data()
    }

    func note(_ sealer: Sealer) throws -> Note {
        let text = try sealer.open(sealed, at: Self.place(book, object.id, name))
        return Note(book: book, object: object, name: name, text: String(decoding: text, as: UTF8.self))
    }

    private static func place(_ book: Book, _ object: UInt128, _ name: String) -> SealedPlace {
        SealedPlace(table, book, Array(object.data) + Array(name.utf8))
    }
}

extension IdempotencyKey {
    /// Where its answer is sealed.
    var place: SealedPlace { SealedPlace("answer", book, Array(text.utf8)) }
}
