#if PostgreSQL
/// What is asked in one round trip, each with what becomes of its answer.
struct Round {
    private var asked: [(statement: Statement, take: (ResultRows) throws -> Void)] = []

    mutating func ask(_ statement: Statement, _ take: @escaping (ResultRows) throws -> Void = { _ in }) {
        asked.append((statement, take))
    }

    /// No round trip where nothing was asked.
    func run(on connection: PostgresConnection) throws {
        guard !asked.isEmpty else { return }
        let answers = try connection.pipeline(asked.map(\.statement))
        for (question, answer) in zip(asked, answers) { try question.take(answer) }
    }
}
#endif
