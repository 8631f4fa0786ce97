import Domain
import Foundation
import GRDB
import Rows
import Storage

/// Who persons are, what people wrote, and the answers that are kept: sealed under the master key from here on.
///
/// What stood there in clear is overwritten, in the database and, at the next checkpoint, in its log. Backups that were
/// made before keep it.
func m0003(_ db: Database, _ sealer: Sealer) throws {
    try db.execute(
        sql: """
            CREATE TABLE sealed_person (
                book INTEGER NOT NULL REFERENCES book (number),
                id BLOB NOT NULL CHECK (length(id) = 16),
                sealed BLOB NOT NULL CHECK (length(sealed) > \(Secrets.sealLength)),
                PRIMARY KEY (book, id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE sealed_note (
                book INTEGER NOT NULL REFERENCES book (number),
                object BLOB NOT NULL CHECK (length(object) = 16),
                name TEXT NOT NULL,
                kind TEXT NOT NULL,
                sealed BLOB NOT NULL CHECK (length(sealed) >= \(Secrets.sealLength)),
                PRIMARY KEY (book, object, name)
            ) STRICT, WITHOUT ROWID;
            """
    )
    try sealPersons(db, sealer)
    try sealNotes(db, sealer)
    try sealAnswers(db, sealer)
    try db.execute(
        sql: """
            DROP TABLE person;
            ALTER TABLE sealed_person RENAME TO person;
            DROP TABLE note;
            ALTER TABLE sealed_note RENAME TO note;
            """
    )
}

private func sealPersons(_ db: Database, _ sealer: Sealer) throws {
    let sql = "SELECT book, id, name, first_name, last_name, email, mobile, postal_code FROM person"
    let insertion = try db.makeStatement(sql: "INSERT INTO sealed_person (book, id, sealed) VALUES (?, ?, ?)")
    try SQLiteWalk(db: db)
        .each(sql, [], of: "person") { columns in
            let book = try columns.book()
            let person = try Person(
                id: columns.id(),
                book: book,
                details: PersonDetails(
                    name: columns.optionalText(),
                    firstName: columns.optionalText(),
                    lastName: columns.optionalText(),
                    email: columns.optionalText(),
                    mobile: columns.optionalText(),
                    postalCode: columns.optionalText()
                )
            )
            let sealed = PersonRow(person, sealer)
            try insertion.run(sealed.keyValues + sealed.fixedValues)
            return true
        }
}

private func sealNotes(_ db: Database, _ sealer: Sealer) throws {
    let insertion = try db.makeStatement(
        sql: "INSERT INTO sealed_note (book, object, name, kind, sealed) VALUES (?, ?, ?, ?, ?)"
    )
    try SQLiteWalk(db: db)
        .each("SELECT book, object, name, kind, text FROM note", [], of: "note") { columns in
            let (book, object, name) = try (columns.book(), columns.raw(), columns.text())
            let note = try Note(
                book: book,
                object: ObjectReference(columns.word(), object),
                name: name,
                text: columns.text()
            )
            let sealed = NoteRow(note, sealer)
            try insertion.run(sealed.keyValues + sealed.fixedValues + sealed.changingValues)
            return true
        }
}

/// A thousand at a time, so that memory does not grow with the rows.
private func sealAnswers(_ db: Database, _ sealer: Sealer) throws {
    let page = try db.makeStatement(
        sql: "SELECT book, key, body FROM answer WHERE (book, key) > (?, ?) ORDER BY book, key LIMIT 1000"
    )
    let update = try db.makeStatement(sql: "UPDATE answer SET body = ? WHERE book = ? AND key = ?")
    var last = IdempotencyKey(book: Book(0), text: "")
    while true {
        let rows = try page.all(of: "answer", [.book(last.book), .text(last.text)]) { columns in
            try (key: IdempotencyKey(book: columns.book(), text: columns.text()), body: columns.data())
        }
        for row in rows {
            let sealed = sealer.seal(Array(row.body), at: row.key.place)
            try update.run([.bytes(sealed), .book(row.key.book), .text(row.key.text)])
            last = row.key
        }
        if rows.count < 1000 { return }
    }
}
