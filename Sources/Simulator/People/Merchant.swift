import Domain
import Engine
import Storage

/// A merchant's program: asks for refunds, repeats what it got no answer to, and remembers every answer.
final class Merchant: @unchecked Sendable {
    private let world: World
    private let door: Door
    private let policy: RefundPolicy
    private let books: [Book]
    private let street: Lane
    private(set) var payments: [(id: Payment.ID, book: Book)] = []
    /// What was answered for, by the number of the request.
    private(set) var promises: [Promise] = []
    private(set) var isDone = false

    /// An answer that must hold for ever.
    struct Promise: Sendable {
        let request: Int
        let key: String?
        let refund: Refund.ID
        let amount: Int64
        let book: Book
        let body: [UInt8]
    }

    private struct Wish {
        let number: Int
        let payment: (id: Payment.ID, book: Book)
        let amount: Int64?
        let key: String?
        let mayVoid: Bool
    }

    init(world: World, door: Door, policy: RefundPolicy, books: [Book], street: Lane) {
        self.world = world
        self.door = door
        self.policy = policy
        self.books = books
        self.street = street
    }

    func begin() {
        Task(executorPreference: street) {
            await self.makePayments()
            await withDiscardingTaskGroup { group in
                for number in 1...self.world.profile.requests {
                    let start = self.world.draw(in: 0...(self.world.profile.duration * 3 / 4))
                    group.addTask {
                        await self.world.scheduler.sleep(start)
                        await self.shop(number)
                    }
                }
            }
            self.isDone = true
        }
    }

    private func makePayments() async {
        let count = world.draw(in: 1...4)
        for _ in 0..<count {
            let book = world.scheduler.chance.pick(books)
            let amount = world.draw(in: 20...100)
            let isCaptured = !world.happens(120)
            let origin = Origin(book: book, actor: Actor(.key, "key_m"), requestID: nil, dialect: "storno")
            var command = CreatePayment(origin: origin, amount: amount, currency: Currency(code: "EUR"))
            command.method = .card
            command.capturesAtOnce = isCaptured
            // Payments are what refunds are tested on: they are made until they are there.
            while true {
                let (node, outcome) = await door.call { [command] engine throws(EngineFailure) in
                    try await engine.perform(command)
                }
                if node != nil, case .success(let details) = outcome {
                    payments.append((details.payment.id, book))
                    break
                }
                await world.scheduler.sleep(500)
            }
        }
    }

    /// One wish for a refund, repeated until it is answered or given up, and perhaps withdrawn.
    private func shop(_ number: Int) async {
        let wish = Wish(
            number: number,
            payment: world.scheduler.chance.pick(payments),
            amount: world.happens(150) ? nil : world.draw(in: 1...50),
            key: world.happens(750) ? "key \(number)" : nil,
            mayVoid: world.happens(300)
        )
        let clicksTwice = wish.key != nil && world.happens(world.profile.doubleClick)
        async let second = clicksTwice ? insist(on: wish) : nil
        let first = await insist(on: wish)
        guard let promise = await second ?? first else { return }
        if world.happens(world.profile.repeats) {
            await world.scheduler.sleep(world.draw(in: 0...20_000))
            _ = await insist(on: wish)
        }
        if wish.key != nil, world.happens(world.profile.changedBody) { await change(wish) }
        if world.happens(world.profile.withdrawal) { await withdraw(promise) }
    }

    private func insist(on wish: Wish) async -> Promise? {
        for attempt in 0..<8 {
            if attempt > 0 { await world.scheduler.sleep(world.draw(in: 200...5_000)) }
            let (process, outcome) = await ask(wish, amount: wish.amount)
            guard process?.isAlive == true else {
                if process != nil { world.meet(.repeatedAfterCrash) }
                // Without a key a repetition might be a second refund.
                if wish.key == nil, process != nil { return nil }
                continue
            }
            switch outcome {
            case .success(let promise): return keep(promise)
            case .failure(.idempotencyInProgress): world.meet(.inProgress)
            case .failure(.busy): world.meet(.busy)
            case .failure(.storageUnavailable): if wish.key == nil { return nil }
            case .failure(.rejected(let rejection)):
                note(rejection)
                return nil
            case .failure(.fault):
                world.fail("a decision broke a rule of the schema", "request \(wish.number)")
                return nil
            case .failure(let failure):
                world.fail("a request was refused for no reason", "request \(wish.number): \(failure)")
                return nil
            }
        }
        return nil
    }

    private func keep(_ promise: Promise) -> Promise {
        if let first = promises.first(where: { $0.request == promise.request }), promise.key != nil {
            world.meet(.replayed)
            world.expect(
                first.refund == promise.refund && first.body == promise.body,
                "a key has one answer",
                "request \(promise.request) got another one"
            )
        }
        promises.append(promise)
        return promise
    }

    private func note(_ rejection: Rejection) {
        switch rejection {
        case .nothingLeft: world.meet(.nothingLeft)
        case .exceedsRefundable: world.meet(.exceeded)
        default: break
        }
    }

    /// The same key with another body: never carried out.
    private func change(_ wish: Wish) async {
        let (process, outcome) = await ask(wish, amount: (wish.amount ?? 1) + 1)
        guard process?.isAlive == true else { return }
        switch outcome {
        case .success: world.fail("a key answers for one body", "request \(wish.number) was answered with another")
        case .failure(.idempotencyMismatch): world.meet(.mismatched)
        case .failure: break
        }
    }

    private func withdraw(_ promise: Promise) async {
        await world.scheduler.sleep(world.draw(in: 0...2_000))
        let origin = Origin(book: promise.book, actor: Actor(.key, "key_m"), requestID: nil, dialect: "storno")
        let name = ObjectName(.refund, promise.refund.raw, in: promise.book)
        let (process, outcome) = await door.call { engine throws(EngineFailure) in
            try await engine.perform(CancelRefund(origin: origin, refund: name))
        }
        guard process?.isAlive == true else { return }
        switch outcome {
        case .success: world.meet(.withdrawn)
        case .failure(.rejected(.alreadySent)): world.meet(.tooLateToWithdraw)
        case .failure: break
        }
    }

    private func ask(
        _ wish: Wish,
        amount: Int64?
    ) async -> (process: Process?, outcome: Result<Promise, EngineFailure>) {
        let book = wish.payment.book
        let origin = Origin(
            book: book,
            actor: Actor(.key, "key_m"),
            requestID: wish.key ?? "free \(wish.number)",
            dialect: "storno"
        )
        let command = CreateRefund(
            origin: origin,
            payment: ObjectName(.payment, wish.payment.id.raw, in: book),
            amount: amount.flatMap(Amount.init(minorUnits:)),
            mayVoid: wish.mayVoid,
            policy: policy
        )
        return await door.call { engine throws(EngineFailure) in
            guard let key = wish.key else {
                let refund = try await engine.perform(command).refund
                return Promise(
                    request: wish.number,
                    key: nil,
                    refund: refund.id,
                    amount: refund.amount,
                    book: book,
                    body: []
                )
            }
            let answer = try await engine.answer(
                command,
                in: book,
                once: Once(
                    key: key,
                    fingerprint: engine.secrets.digest("request", [amount.map { String($0) }]),
                    fingerprintKeyID: engine.secrets.id
                )
            ) { Array("\($0.refund.id.raw) \($0.refund.amount)".utf8) }
            let text = String(decoding: answer.body, as: UTF8.self).split(separator: " ")
            return Promise(
                request: wish.number,
                key: key,
                refund: Refund.ID(UInt128(text[0]) ?? 0),
                amount: Int64(text[1]) ?? 0,
                book: book,
                body: answer.body
            )
        }
    }
}
