import Foundation
import NIOCore
import NIOPosix

/// Asks an HTTP server as a plan on standard input says, and reports on standard output, both in JSON.
@main
struct Load {
    static func main() {
        do {
            let plan = try JSONDecoder().decode(Plan.self, from: FileHandle.standardInput.readDataToEndOfFile())
            let report = try run(plan)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            FileHandle.standardOutput.write(try encoder.encode(report))
        } catch {
            FileHandle.standardError.write(Data("load: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ plan: Plan) throws -> Report {
        let lists = try plan.lists.mapValues { path in
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
            return bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        }
        // One thread: the server is to have the rest of the machine.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let future = loop.flatSubmit {
            loop.makeCompletedFuture { NIOLoopBound(try Generator(plan, lists: lists, on: loop), eventLoop: loop) }
                .flatMap { bound in bound.value.start().map { bound.value.tally.report() } }
        }
        let report = try future.wait()
        try group.syncShutdownGracefully()
        return report
    }
}
