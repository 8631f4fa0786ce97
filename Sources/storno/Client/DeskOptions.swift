import ArgumentParser
import Foundation

/// Where refunds are listed and decided: in this machine's installation, or at a server over its API
/// (`docs/decisions/0013-two-desks.md`).
struct DeskOptions: ParsableArguments {
    @OptionGroup var location: DatabaseOptions
    @OptionGroup var client: ClientOptions

    enum Desk {
        case installation
        case server(Access)
    }

    func validate() throws {
        guard !(isHere && client.isGiven) else {
            throw ValidationError("--database and --config mean this machine, --profile and --address a server.")
        }
    }

    /// Says which, on standard error.
    func choose() throws -> Desk {
        let desk = try find()
        switch desk {
        case .installation: Talk.say("In this machine's installation, as \(NSUserName()).")
        case .server(let access): Talk.say("At \(access.words).")
        }
        return desk
    }

    /// Flags before the environment, that before the current profile; this machine where nothing says otherwise.
    private func find() throws -> Desk {
        if isHere { return .installation }
        let names = ["STORNO_API_KEY", "STORNO_PROFILE"]
        let isTold = client.isGiven || names.contains { !(ProcessEnvironment.value($0) ?? "").isEmpty }
        if !isTold, ["STORNO_DATABASE", "STORNO_CONFIG"].contains(where: { ProcessEnvironment.value($0) != nil }) {
            return .installation
        }
        if let access = try client.access() { return .server(access) }
        return client.isGiven ? .server(try client.required()) : .installation
    }

    private var isHere: Bool { location.database != nil || location.config != nil }
}
