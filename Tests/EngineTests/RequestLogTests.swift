import Domain
import Engine
import Testing

/// The newest requests, in memory that has an end.
@Suite struct RequestLogTests {
    private func request(_ number: Int, method: String = "GET") -> LoggedRequest {
        LoggedRequest(
            id: "req_\(number)",
            at: Moment(seconds: 1),
            dialect: "storno",
            method: method,
            route: nil,
            status: 200,
            milliseconds: 1,
            key: "key_1",
            isReplay: false,
            code: nil
        )
    }

    @Test func `the newest of a book are kept, and no more`() {
        let log = RequestLog()
        let most = RequestLog.mostOfBook
        for number in 1...(most * 3 + 7) { log.add(request(number), to: Book(1)) }
        let kept = log.requests(in: Book(1))
        #expect(kept.count == most && kept.last?.id == "req_\(most * 3 + 7)")
        #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.number + 1 == $1.number })
        #expect(log.requests(in: Book(1), after: kept[most - 3].number).map(\.id) == kept.suffix(2).map(\.id))
        #expect(log.requests(in: Book(1), after: log.last).isEmpty)
    }

    @Test func `a book's requests are its own, and the one that was silent for longest gives way`() {
        let log = RequestLog()
        for book in 1...RequestLog.mostBooks { log.add(request(book), to: Book(Int64(book))) }
        #expect(log.requests(in: Book(1)).map(\.id) == ["req_1"])
        log.add(request(100), to: Book(1))
        log.add(request(101), to: Book(1000))
        #expect(log.requests(in: Book(2)).isEmpty)
        #expect(log.requests(in: Book(1)).map(\.id) == ["req_1", "req_100"])
        #expect(log.requests(in: Book(1000)).count == 1 && log.requests(in: Book(3)).count == 1)
    }

    @Test func `a method that nobody has is not written down`() {
        let log = RequestLog()
        log.add(request(1, method: "X-\u{1B}[31mSECRETSECRETSECRETSECRET"), to: Book(1))
        #expect(log.requests(in: Book(1)).map(\.method) == ["OTHER"])
    }
}
