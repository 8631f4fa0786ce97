#if PostgreSQL
import CLibPQ
import Storage

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One connection to the primary. Statements go out in pipeline mode: any number of them, one round trip. Whoever calls
/// waits; so it lives on a ``ConnectionThread``.
final class PostgresConnection {
    private let handle: ConnectionHandle
    private let answerTime: Duration
    private var prepared: [String: String] = [:]

    /// Connects, which may take as long as the target's `connect_timeout` for each of its hosts.
    ///
    /// - Parameters:
    ///   - target: a connection string or URI, as libpq takes it.
    ///   - answerTime: how long an answer may take; then the connection is given up.
    init(to target: String, answerTime: Duration) throws(PostgresFailure) {
        handle = try ConnectionHandle(target)
        self.answerTime = answerTime
    }

    /// Whether it can no longer be used.
    private(set) var isBroken = false

    /// Whether a transaction is open, or failed and not rolled back.
    private var isInTransaction: Bool { PQtransactionStatus(handle.pointer) != PQTRANS_IDLE }

    /// What the server warned of since the last ``forgetWarnings()``.
    var warnings: [String] { handle.notices.warnings }

    func forgetWarnings() { handle.notices.warnings = [] }

    /// One statement.
    @discardableResult
    func execute(_ statement: Statement) throws -> ResultRows {
        try pipeline([statement])[0]
    }

    /// All statements in one round trip. The first that fails ends the others.
    func pipeline(_ statements: [Statement]) throws -> [ResultRows] {
        guard !isBroken else { throw PostgresFailure.lost("the connection was lost before") }
        let deadline = ContinuousClock.now + answerTime
        let fresh = send(statements)
        guard PQpipelineSync(handle.pointer) == 1 else { throw giveUp() }
        var (results, failure) = ([ResultRows](), PostgresFailure?.none)
        for step in fresh {
            do {
                let result = try answer(by: deadline)
                switch step {
                case .preparation(let sql, let name): prepared[sql] = name
                case .execution: results.append(result)
                }
            } catch {
                guard case .refused = error else { throw error }
                failure = failure ?? error
            }
        }
        try end(by: deadline)
        if let failure { throw failure }
        return results
    }

    /// Any number of statements as one text, without values, in the server's simple way. For the schema.
    func script(_ sql: String) throws(PostgresFailure) {
        guard PQexitPipelineMode(handle.pointer) == 1 else { throw giveUp() }
        let result = PQexec(handle.pointer, sql)
        defer { PQclear(result) }
        guard PQstatus(handle.pointer) == CONNECTION_OK, PQenterPipelineMode(handle.pointer) == 1, let result else {
            throw giveUp()
        }
        guard PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK else {
            let state = PQresultErrorField(result, Self.stateField).map { String(cString: $0) } ?? ""
            throw .refused(state: state, words: Self.words(of: result))
        }
    }

    private enum Step {
        case preparation(sql: String, name: String)
        case execution
    }

    private func send(_ statements: [Statement]) -> [Step] {
        var steps: [Step] = []
        var names: [String: String] = [:]
        for statement in statements {
            if prepared[statement.sql] == nil, names[statement.sql] == nil {
                let name = "s\(handle.nextName())"
                names[statement.sql] = name
                guard PQsendPrepare(handle.pointer, name, statement.sql, 0, nil) == 1 else { continue }
                steps.append(.preparation(sql: statement.sql, name: name))
            }
            let name = prepared[statement.sql] ?? names[statement.sql] ?? ""
            if sendExecution(name, statement.parameters.map(\.bytes)) { steps.append(.execution) }
        }
        return steps
    }

    private func sendExecution(_ name: String, _ values: [[UInt8]?]) -> Bool {
        // One piece of memory for all values: libpq copies it before it returns.
        let content = values.flatMap { $0 ?? [] }
        let lengths = values.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: values.count)
        return content.withUnsafeBytes { memory in
            var place = 0
            var starts: [UnsafePointer<CChar>?] = []
            // An empty value is no missing one, though it has no place in memory.
            let base = memory.baseAddress ?? UnsafeRawPointer(handle.pointer)
            for value in values {
                starts.append(value == nil ? nil : (base + place).assumingMemoryBound(to: CChar.self))
                place += value?.count ?? 0
            }
            return PQsendQueryPrepared(handle.pointer, name, Int32(values.count), starts, lengths, formats, 1) == 1
        }
    }
}

// MARK: - Answers

extension PostgresConnection {
    /// The next statement's answer.
    private func answer(by deadline: ContinuousClock.Instant) throws(PostgresFailure) -> ResultRows {
        var found: OpaquePointer?
        while let result = try next(by: deadline) {
            // A statement has one result; it ends with none.
            if let earlier = found { PQclear(earlier) }
            found = result
        }
        guard let found else { throw giveUp() }
        switch PQresultStatus(found) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: return ResultRows(found)
        case PGRES_PIPELINE_ABORTED:
            PQclear(found)
            throw .refused(state: "25P02", words: "a statement before it failed")
        default:
            defer { PQclear(found) }
            guard PQstatus(handle.pointer) == CONNECTION_OK, let state = PQresultErrorField(found, Self.stateField)
            else {
                throw giveUp()
            }
            throw .refused(state: String(cString: state), words: Self.words(of: found))
        }
    }

    /// The answer to the end of the pipeline.
    private func end(by deadline: ContinuousClock.Instant) throws(PostgresFailure) {
        guard let result = try next(by: deadline) else { throw giveUp() }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw giveUp() }
    }

    private func next(by deadline: ContinuousClock.Instant) throws(PostgresFailure) -> OpaquePointer? {
        while true {
            let unsent = PQflush(handle.pointer)
            guard unsent >= 0 else { throw giveUp() }
            if unsent == 0, PQisBusy(handle.pointer) == 0 { return PQgetResult(handle.pointer) }
            guard try wait(forSpace: unsent == 1, until: deadline) else {
                isBroken = true
                throw .lost("no answer within \(answerTime)")
            }
            guard PQconsumeInput(handle.pointer) == 1 else { throw giveUp() }
        }
    }

    /// - Returns: whether there is something to read, or space to write; false when time is up.
    func wait(forSpace: Bool, until deadline: ContinuousClock.Instant) throws(PostgresFailure) -> Bool {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return false }
        let events = Int16(POLLIN) | (forSpace ? Int16(POLLOUT) : 0)
        var poll = pollfd(fd: PQsocket(handle.pointer), events: events, revents: 0)
        let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
        let count = Self.wait(for: &poll, Int32(clamping: milliseconds))
        guard count >= 0 || errno == EINTR else { throw giveUp() }
        return count != 0
    }

    private static func wait(for descriptor: inout pollfd, _ milliseconds: Int32) -> Int32 {
        poll(&descriptor, 1, milliseconds)
    }

    private func giveUp() -> PostgresFailure {
        isBroken = true
        let words = String(cString: PQerrorMessage(handle.pointer)).split(separator: "\n").joined(separator: "; ")
        return .lost(words.isEmpty ? "the connection was lost" : words)
    }

    private static let stateField = Int32(UInt8(ascii: "C"))
    private static let messageField = Int32(UInt8(ascii: "M"))
    private static let ruleField = Int32(UInt8(ascii: "n"))

    /// Without the server's DETAIL, which repeats values.
    private static func words(of result: OpaquePointer) -> String {
        let message = PQresultErrorField(result, messageField).map { String(cString: $0) } ?? "no message"
        let rule = PQresultErrorField(result, ruleField).map { String(cString: $0) }
        return rule.map { "\(message) (\($0))" } ?? message
    }

    /// After whatever went wrong in the middle of a transaction.
    func leaveTransaction() {
        guard !isBroken, isInTransaction else { return }
        _ = try? execute(Statement("ROLLBACK"))
        if isInTransaction { isBroken = true }
    }

    /// Notifications that have arrived, waiting for the first until `deadline`.
    func notifications(until deadline: ContinuousClock.Instant) throws -> Int {
        guard !isBroken else { throw PostgresFailure.lost("the connection was lost before") }
        if try wait(forSpace: false, until: deadline), PQconsumeInput(handle.pointer) != 1 { throw giveUp() }
        var count = 0
        while let notification = PQnotifies(handle.pointer) {
            PQfreemem(notification)
            count += 1
        }
        return count
    }
}
#endif
