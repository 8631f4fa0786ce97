import Domain
import Engine
import NIOCore
import NIOPosix
import Server
import Storage
import TestSupport
import Testing

@Suite struct AdministrationTests {
    @Test func `facts carry the person who entered them`() async throws {
        try await TestServer.run { server in
            let (book, payment) = try await Self.payment(server)
            let administration = Administration(engine: server.engine)
            guard case .dispute(let opened) = await administration.perform(.openDispute(Self.entry(payment, "dp_1")))
            else {
                throw Unexpected()
            }
            let end = DisputeEnd(account: "main", mode: "test", dispute: opened.id, state: "won", user: "ben")
            guard case .dispute(let closed) = await administration.perform(.closeDispute(end)),
                case .external(let found) = await administration.perform(.addExternal(Self.external(payment, "re_1")))
            else { throw Unexpected() }
            #expect(closed.state == "won")
            let dispute = ObjectReference(.dispute, try #require(UInt128(opened.id, radix: 16)))
            let refund = ObjectReference(.refund, try #require(UInt128(found.refund, radix: 16)))
            let store = server.installation.store
            #expect(
                try await store.events(of: dispute, in: book).map(\.actor)
                    == [Actor(.operator, "ada"), Actor(.operator, "ben")]
            )
            #expect(try await store.events(of: refund, in: book).map(\.actor) == [Actor(.operator, "ada")])
        }
    }

    @Test(arguments: ["", "  ", "\t\n"])
    func `an empty reference is refused`(reference: String) async throws {
        try await TestServer.run { server in
            let (_, payment) = try await Self.payment(server)
            let administration = Administration(engine: server.engine)
            for request in [
                AdminRequest.openDispute(Self.entry(payment, reference)),
                .addExternal(Self.external(payment, reference)),
            ] {
                guard case .refused(let sentence) = await administration.perform(request) else { throw Unexpected() }
                #expect(sentence.contains("reference is empty"))
            }
        }
    }

    @Test func `what may have been carried out is not called undone`() {
        let sentence = OperatorWording.sentence(for: .storageUnavailable, look: "storno accounts list")
        #expect(sentence.contains("may or may not") && sentence.contains("storno accounts list"))
        #expect(!sentence.contains("Nothing was changed"))
    }

    @Test func `nobody listening and no answer are told apart`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a"
            await #expect(throws: AdminClient.Failure.noConnection) {
                try await AdminClient.ask(.createAccount("x", user: "ada"), socket: path)
            }
            let silent = try await SilentSocket(path: path)
            await #expect(throws: AdminClient.Failure.noAnswer) {
                try await AdminClient.ask(.createAccount("x", user: "ada"), socket: path)
            }
            try await silent.close()
        }
    }

    private static func payment(_ server: TestServer) async throws -> (Book, Payment.ID) {
        let book = try await server.engine.perform(CreateAccount(name: "main")).book(.test)
        let origin = Origin(book: book, actor: Actor(.key, "k"), requestID: nil, dialect: "storno")
        var command = CreatePayment(origin: origin, amount: 1000, currency: Currency(code: "EUR"))
        command.method = .card
        command.settlesAtOnce = true
        return (book, try await server.engine.perform(command).payment.id)
    }

    private static func entry(_ payment: Payment.ID, _ reference: String) -> DisputeEntry {
        DisputeEntry(
            account: "main",
            mode: "test",
            payment: ObjectText.text(payment.raw),
            amount: 5,
            currency: nil,
            stage: "chargeback",
            fundsWithdrawn: true,
            reference: reference,
            response: nil,
            openedAt: nil,
            user: "ada"
        )
    }

    private static func external(_ payment: Payment.ID, _ reference: String) -> ExternalEntry {
        ExternalEntry(
            account: "main",
            mode: "test",
            payment: ObjectText.text(payment.raw),
            amount: 7,
            currency: nil,
            reference: reference,
            processorTime: nil,
            user: "ada"
        )
    }
}

private struct Unexpected: Error {}

/// Takes connections and hangs up on whoever says something.
private final class SilentSocket: Sendable {
    private let channel: any Channel

    init(path: String) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(HangUp()) }
            .bind(unixDomainSocketPath: path)
            .get()
    }

    func close() async throws { try await channel.close().get() }
}

private final class HangUp: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.close(promise: nil) }
}
