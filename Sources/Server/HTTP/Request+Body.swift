import Hummingbird
import NIOCore

extension Request {
    /// Whether `Content-Length` says that the body is longer; a number that is no `Int` is longer than anything.
    func announces(moreThan limit: Int) -> Bool {
        guard let text = headers[.contentLength] else { return false }
        return (Int(text) ?? .max) > limit
    }

    /// - Returns: `nil` for a body that is longer than `limit`.
    func bytes(upTo limit: Int) async throws -> [UInt8]? {
        guard !announces(moreThan: limit) else { return nil }
        do {
            return Array(buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            return nil
        }
    }
}
