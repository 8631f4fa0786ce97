import DialectKit
import Fuzzing
import Rows
import Server
import TestSupport
import Testing

@Suite struct ReplayTests {
    @Test(arguments: FuzzTarget.all.map(\.name))
    func `every kept input keeps the rules of its target`(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        #expect(try Corpus.inputs("corpus", of: name).count >= 5, "the corpus of \(name) is empty, or next to it")
        for (file, bytes) in try Corpus.inputs(of: name) {
            do { try target.check(bytes) } catch { Issue.record("\(file): \(error)") }
        }
    }

    @Test func `no kept input is without a target`() throws {
        let names = Set(FuzzTarget.all.map(\.name))
        #expect(names.count == FuzzTarget.all.count)
        for kind in Corpus.kinds { #expect(names.isSuperset(of: try Corpus.targets(kind))) }
    }

    @Test func `a real database answers by the same rules, and stays right`() async throws {
        try await TestServer.run { server in
            try await Demo.prepare(server.engine)
            let door = FrontDoor(engine: server.engine, readiness: Readiness())
            for dialect in Catalog.dialects.map(\.name) {
                for (file, bytes) in try Corpus.inputs(of: dialect) {
                    guard let request = RequestText(bytes).map(Speaker(dialect).saying) else { continue }
                    let answer = try await door.answer(request)
                    do { try AnswerRules.check(answer, to: request) } catch { Issue.record("\(file): \(error)") }
                }
            }
            #expect(try await server.installation.store.verify().isEmpty)
        }
    }
}
