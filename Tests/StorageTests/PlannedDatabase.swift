import GRDB

/// A copy of a database, with statistics that mislead the planner if anything can, and no more rows than it had.
struct PlannedDatabase {
    enum Statistics: CaseIterable {
        case none
        /// One book has nearly everything.
        case oneGreatBook
        /// Books are small: a plan that walks one of them looks cheap, and is not for the one that is great.
        case manySmallBooks
    }

    struct Plan {
        let sql: String
        let steps: [String]
    }

    private let queue: DatabaseQueue

    init(of path: String, with statistics: Statistics) throws {
        let copy = path + ".\(statistics)"
        try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
        let writer = try DatabaseQueue(path: copy)
        if statistics != .none { try writer.write { try $0.invent(statistics) } }
        try writer.close()
        // Statistics are read when a file is opened.
        queue = try DatabaseQueue(path: copy)
    }

    func plan(of sql: String) throws -> Plan {
        let steps = try queue.read { db in
            let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            // What the values are makes no difference.
            statement.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(statement).map { row -> String in row["detail"] }
        }
        return Plan(sql: sql, steps: steps)
    }
}

extension PlannedDatabase.Plan {
    /// Tables whose rows people make one by one, by all of their names.
    private static let small: Set<Substring> = [
        "account", "account_setting", "book", "api_key", "test_clock", "c", "meta", "webhook_endpoint", "CONSTANT",
    ]
    /// Parts of statements that have an end of their own.
    private static let bounded: Set<Substring> = ["looked", "first"]

    /// Steps that cost more the more rows there are.
    var faults: [String] { steps.filter(isFault) }

    private func isFault(_ step: String) -> Bool {
        let words = step.split(separator: " ")
        if step.contains("AUTOMATIC") { return true }
        if step.hasPrefix("USE TEMP B-TREE") { return !isSmall }
        guard words.count > 1, !Self.small.union(Self.bounded).contains(words[1]), !step.contains("VIRTUAL TABLE")
        else {
            return false
        }
        if words[0] == "SCAN" { return true }
        // A whole book, but for a walk that ends.
        return words[0] == "SEARCH" && step.hasSuffix("(book=?)") && !sql.contains("LIMIT")
    }

    /// Whether all that is sorted is small.
    private var isSmall: Bool {
        let tables = steps.map { $0.split(separator: " ") }.filter { ["SCAN", "SEARCH"].contains($0[0]) }.map { $0[1] }
        return tables.allSatisfy(Self.small.contains) || tables.contains(where: Self.bounded.contains)
    }
}

extension Database {
    /// Puts numbers in place of what ANALYZE would have counted.
    fileprivate func invent(_ statistics: PlannedDatabase.Statistics) throws {
        let rows = 10_000_000
        try execute(sql: "ANALYZE; DELETE FROM sqlite_stat1")
        let indexes = try Row.fetchAll(
            self,
            sql: """
                SELECT t.name AS "table", i.name AS name, i.origin AS origin, i.partial AS partial,
                    (SELECT count(*) FROM pragma_index_info(i.name)) AS columns
                FROM sqlite_schema t, pragma_index_list(t.name) i
                WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name NOT GLOB 'search_index*'
                """
        )
        for index in indexes {
            let columns: Int = index["columns"]
            let all = index["partial"] == 1 ? rows / 1000 : rows
            // For each column, how many rows have its value and those of the columns before it.
            let selected = (1...columns)
                .map { column in
                    if column == columns { return 1 }
                    guard column == 1 else { return statistics == .oneGreatBook ? 1000 : 2 }
                    return statistics == .oneGreatBook ? all : 10
                }
            let name: String = index["origin"] == "pk" ? index["table"] : index["name"]
            try execute(
                sql: "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
                arguments: [index["table"] as String, name, ([all] + selected).map(String.init).joined(separator: " ")]
            )
        }
    }
}
