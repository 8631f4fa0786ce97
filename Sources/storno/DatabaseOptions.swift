import ArgumentParser
import Rows
import Server
import Storage
import StornoClient

/// Where the data is, for every command that works on it.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the data is, as sqlite:PATH or postgres://USER@HOST/NAME. Default: sqlite:storno.sqlite.",
            valueName: "url"
        )
    )
    var database: String?

    @Option(help: ArgumentHelp("A JSON file with settings.", valueName: "file"))
    var config: String?

    func settings(_ flags: [String: String?] = [:], isDemo: Bool = false) async throws -> Settings {
        var given = flags.compactMapValues { $0 }
        given["database"] = database
        let file = config ?? ProcessEnvironment.value("STORNO_CONFIG")
        return try await Settings.load(flags: given, file: file, isDemo: isDemo)
    }
}

/// Turns what can be wrong with an installation into a sentence and an exit code.
func explained<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let failure as any DatabaseOpenFailure {
        Talk.say(failure.description)
        throw ExitCode(69)
    } catch let failure as StoreFailure {
        Talk.say("The database cannot be read: \(failure.words).")
        throw ExitCode(69)
    } catch let refusal as AdminRefusal {
        Talk.say(refusal.sentence)
        throw ExitCode(1)
    } catch let failure as ProfileFailure {
        Talk.say(failure.sentence)
        throw ExitCode(64)
    } catch let error as StornoError {
        Talk.say(ClientExit.sentence(error))
        throw ClientExit.code(error)
    } catch let failure as SettingsFailure {
        Talk.say(failure.description)
        throw ExitCode(64)
    }
}
