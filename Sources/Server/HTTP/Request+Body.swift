import DialectKit
import Engine
import Hummingbird
import NIOCore

extension Request {
    /// Whether `Content-Length` says that the body is longer; a number that is no `Int` is longer than anything.
    func announces(moreThan limit: Int) -> Bool {
        guard let text = headers[.contentLength] else { return false }
        return (Int(text) ?? .max) > limit
    }

    /// - Parameter place: has to have room for it.
    /// - Returns: `nil` for a body that is longer than `limit`.
    /// - Throws: ``Refusal`` where there is no room.
    func bytes(upTo limit: Int, in place: BodyRoom.Place) async throws -> [UInt8]? {
        guard !announces(moreThan: limit) else { return nil }
        var bytes: [UInt8] = []
        for try await piece in body {
            guard bytes.count + piece.readableBytes <= limit else { return nil }
            guard place.take(piece.readableBytes) else { throw Refusal.engine(.busy) }
            bytes.append(contentsOf: piece.readableBytesView)
        }
        return bytes
    }
}
