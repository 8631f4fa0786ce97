import DialectKit
import Foundation

/// The strict reader, asked from outside: each document on standard input behind its length in four bytes, most
/// significant first; each verdict on standard output likewise, the letter `v` and the value as it is written, or `r`
/// and the reason of the refusal.
@main
enum JSONVerdicts {
    static func main() throws {
        let (input, output) = (FileHandle.standardInput, FileHandle.standardOutput)
        while let head = try input.read(upToCount: 4), head.count == 4 {
            let count = head.reduce(0) { $0 << 8 | Int($1) }
            let document = count == 0 ? Data() : try input.read(upToCount: count) ?? Data()
            let verdict = verdict(Array(document))
            let length = withUnsafeBytes(of: UInt32(verdict.count).bigEndian) { Data($0) }
            try output.write(contentsOf: length + verdict)
        }
    }

    private static func verdict(_ document: [UInt8]) -> [UInt8] {
        do throws(JSONFault) {
            return [UInt8(ascii: "v")] + JSONWriter.bytes(try JSONReader.read(document))
        } catch {
            return [UInt8(ascii: "r")] + Array(error.reason.utf8)
        }
    }
}
