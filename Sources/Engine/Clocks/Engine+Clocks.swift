import Domain
import Storage

// The time of books that have one of their own.

extension Engine {
    /// What the clock of a test-mode book shows.
    package func clock(of book: Book) async throws(EngineFailure) -> ClockReading {
        guard Account.mode(of: book) == .test else { throw .clockRefused(.liveMode) }
        let clock = try await read { store throws(StoreFailure) in try await store.clock(of: book) }
        return ClockReading(clock ?? BookClock(book: book), at: execution.moment)
    }

    /// What time it is in a book.
    package func moment(in book: Book) async throws(EngineFailure) -> Moment {
        guard Account.mode(of: book) == .test else { return execution.moment }
        return try await clock(of: book).moment
    }

    /// Every book with a time of its own, and what there is to do in it.
    package func clockWork() async throws(EngineFailure) -> [ClockWork] {
        try await read { store throws(StoreFailure) in try await store.clockWork() }
    }

    /// Waits until a clock that was set out has arrived, no longer than so, however long a step of it takes. Where nobody
    /// keeps clocks in this process, it is moved here.
    ///
    /// - Returns: what it shows then. Where it is still on its way, it goes on by itself.
    package func arrive(
        _ book: Book,
        within patience: Duration = .seconds(5)
    ) async throws(EngineFailure) -> ClockReading {
        let deadline = execution.moment.adding(patience)
        let isKept = clockwork.call()
        while true {
            if !isKept, let clock = try await drive(book, until: deadline) {
                return ClockReading(clock, at: execution.moment)
            }
            let reading = try await clock(of: book)
            guard reading.clock.advancingTo != nil, execution.moment < deadline,
                (try? await time.sleep(for: .milliseconds(10))) != nil
            else { return reading }
        }
    }
}

// MARK: - Driving

extension Engine {
    /// How often in a row something may be found due where a clock stands. Nothing comes near.
    private static var mostRounds: Int { 10_000 }

    /// Does what is due by a book's own time. A clock that is on its way is moved from one moment at which something falls
    /// due to the next, and goes on once everything there has ended, calls to others included.
    ///
    /// - Parameter deadline: by the true time; a clock that has not arrived by then is left on its way.
    /// - Returns: the clock as it is left; `nil` where somebody else is at it, or where the book lives by the true time.
    package func drive(_ book: Book, until deadline: Moment) async throws(EngineFailure) -> BookClock? {
        guard clockwork.take(book) else { return nil }
        defer { clockwork.giveBack(book) }
        guard let clock = try await hold(book) else { return nil }
        do throws(EngineFailure) {
            let left = try await run(clock, until: deadline)
            try await leave(book)
            return left
        } catch {
            try? await leave(book)
            throw error
        }
    }

    private func run(_ held: BookClock, until deadline: Moment) async throws(EngineFailure) -> BookClock {
        var clock = held
        while true {
            let now = clock.moment(execution.moment)
            try await work(off: clock.book, at: now)
            guard let target = clock.advancingTo, let from = clock.frozenAt else { return clock }
            let next = try await nextDue(in: clock.book, after: from) ?? target
            let step = StepClock(book: clock.book, from: from, to: min(next, target), holder: holderHere)
            guard let moved = try await perform(step) else { return try await self.clock(of: clock.book).clock }
            clock = moved
            if clock.advancingTo == nil || execution.moment >= deadline || Task.isCancelled { return clock }
        }
    }

    /// Until nothing is due any more at that moment.
    private func work(off book: Book, at moment: Moment) async throws(EngineFailure) {
        var heldAt = execution.moment
        for _ in 0..<Self.mostRounds where !Task.isCancelled {
            var done = 0
            if let due = try await firstDue(in: book, after: Moment(milliseconds: .min)), due <= moment {
                for worker in workers { done += try await worker.work(at: moment, in: book) }
            }
            for other in clockwork.others { done += try await other.work(in: book, at: moment) }
            if done == 0 { return }
            if execution.moment.since(heldAt) > HoldClock.lease / 4 {
                guard try await hold(book) != nil else { return }
                heldAt = execution.moment
            }
        }
    }

    private func firstDue(in book: Book, after moment: Moment) async throws(EngineFailure) -> Moment? {
        try await read { store throws(StoreFailure) in try await store.nextDue(in: book, after: moment) }
    }

    private func nextDue(in book: Book, after moment: Moment) async throws(EngineFailure) -> Moment? {
        var first = try await firstDue(in: book, after: moment)
        for other in clockwork.others {
            guard let due = try await other.nextDue(in: book, after: moment) else { continue }
            first = min(first ?? due, due)
        }
        return first
    }

    // MARK: - Holding

    private var holderHere: UInt128? { store.isShared ? clockwork.holder : nil }

    /// Alone with a store, this process holds every clock.
    private func hold(_ book: Book) async throws(EngineFailure) -> BookClock? {
        guard store.isShared else {
            let clock = try await read { store throws(StoreFailure) in try await store.clock(of: book) }
            return clock.flatMap { $0.isSet ? $0 : nil }
        }
        let held = try await perform(HoldClock(book: book, holder: clockwork.holder))
        if let name = held?.holder { clockwork.holder = name }
        return held
    }

    private func leave(_ book: Book) async throws(EngineFailure) {
        guard let holder = holderHere else { return }
        try await perform(LeaveClock(book: book, holder: holder))
    }
}
