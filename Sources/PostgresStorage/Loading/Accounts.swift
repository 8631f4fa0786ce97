#if PostgreSQL
import Domain
import Rows
import Storage

/// Reads accounts with what they chose.
enum Accounts {
    static func ask(_ round: inout Round, _ take: @escaping ([Account]) throws -> Void) {
        var settings: [Int64: [String: String]] = [:]
        round.ask(Statement("SELECT account, name, value FROM account_setting")) { rows in
            _ = try rows.map(of: "account_setting") { columns in
                let (account, name) = try (columns.integer(), columns.text())
                settings[account, default: [:]][name] = try columns.text()
            }
        }
        round.ask(Statement("SELECT number, name, created_at FROM account ORDER BY number")) { rows in
            try take(
                rows.map(of: "account") { columns in
                    let number = try columns.integer()
                    return try Account(
                        number: number,
                        name: columns.text(),
                        createdAt: columns.moment(),
                        settings: AccountSettings(settings[number] ?? [:])
                    )
                }
            )
        }
    }
}
#endif
