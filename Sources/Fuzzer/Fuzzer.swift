import Foundation
import Fuzzing

/// libFuzzer with the target that `STORNO_FUZZ_TARGET` names: the arguments are all libFuzzer's, which starts itself anew
/// with some of them. What a rule has to say when it does not hold goes to standard error, and the process aborts.
@main
enum Fuzzer {
    fileprivate static let target: FuzzTarget = {
        let name = ProcessInfo.processInfo.environment["STORNO_FUZZ_TARGET"] ?? ""
        guard let target = FuzzTarget.named(name) else { stop("there is no target \(name)") }
        return target
    }()

    static func main() {
        _ = target
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        let status = runFuzzer(&count, &arguments, checkOneInput)
        exit(status)
    }
}

private func checkOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try Fuzzer.target.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        stop("\(Fuzzer.target.name): \(error)")
    }
    return 0
}

private func stop(_ words: String) -> Never {
    FileHandle.standardError.write(Data("DISPROVED \(words)\n".utf8))
    abort()
}

/// As `LLVMFuzzerRunDriver` is declared in C.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
