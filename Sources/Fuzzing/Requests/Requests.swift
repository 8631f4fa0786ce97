import DialectKit
import HTTPTypes

extension FuzzTarget {
    static let cari = dialect("cari")
    static let collctiv = dialect("collctiv")
    static let stancer = dialect("stancer")
    static let storno = dialect("storno")

    /// Whole requests as anybody may send them: which API is meant, and whether there is a key, is for them to say.
    static let frontDoor = FuzzTarget("front-door") { bytes in
        guard let request = RequestText(bytes) else { return }
        try RequestRules.check(request)
    }

    /// Requests to one API with a key for everything.
    private static func dialect(_ name: String) -> FuzzTarget {
        let speaker = Speaker(name)
        return FuzzTarget(name) { bytes in
            guard let request = RequestText(bytes) else { return }
            try RequestRules.check(speaker.saying(request))
        }
    }
}

/// What holds of every request.
package enum RequestRules {
    package static func check(_ request: RequestText) throws {
        let answer = try World.run { world in
            let before = world.mark
            let answer = try await world.ask(request)
            try AnswerRules.check(answer, to: request)
            try hold(answer.isSuccess || world.mark == before, "a refusal changed something: \(answer.text)")
            let isSafe = request.method == .get || request.method == .head
            try hold(!isSafe || world.mark == before, "\(request.method) changed something")
            try world.check()
            try await checkRepetition(of: request, answer, in: world)
            return answer
        }
        try checkRewriting(of: request, answer)
    }

    /// With an idempotency key, the same wish again has the same answer and no further effect.
    private static func checkRepetition(of request: RequestText, _ answer: Answer, in world: World) async throws {
        guard request.method == .post, answer.isSuccess, request.hasIdempotencyKey else { return }
        guard let again = request.rewritten(addingUnknown: false) else { return }
        let before = world.mark
        let replay = try await world.ask(again)
        try hold(replay.status == answer.status && replay.body == answer.body, "replayed as \(replay.text)")
        try hold(replay.fields[.idempotencyReplayed] == "true", "a replay does not say so")
        try hold(world.mark == before, "a replay changed something")
    }

    /// Blanks and the order of members do not count, nor do unknown members, but in our own API, which refuses them.
    private static func checkRewriting(of request: RequestText, _ answer: Answer) throws {
        guard let other = request.rewritten(addingUnknown: !request.isToOurs),
            other.body.count < DialectService.longestBody
        else {
            return
        }
        let again = try World.run { try await $0.ask(other) }
        try hold(again.status == answer.status, "\(answer.status) became \(again.status): \(again.text)")
        try hold(!answer.isSuccess || again.body == answer.body, "\(answer.text) became \(again.text)")
    }
}
