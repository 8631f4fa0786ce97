import DialectKit
import HTTPTypes
import Hummingbird
import NIOCore

extension WireResponse {
    /// The answer to HEAD is that of GET without its body, and says how long that would be, where it has a length.
    func hummingbirdResponse(to request: Request) async throws -> Response {
        let isHead = request.method == .head
        switch body {
        case .empty: return Response(status: status, headers: fields)
        case .bytes(let bytes) where isHead: return head(length: bytes.count)
        case .bytes(let bytes):
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .pieces(let write) where isHead:
            let counter = PieceCounter()
            try await write(counter)
            return head(length: counter.count)
        case .pieces(let write):
            let body = ResponseBody { writer in
                var pieces = PieceWriter(writer: writer)
                try await write(pieces)
                try await pieces.finish()
            }
            return Response(status: status, headers: fields, body: body)
        case .stream where isHead: return Response(status: status, headers: fields)
        case .stream(let write):
            let body = ResponseBody { writer in
                var pieces = PieceWriter(writer: writer)
                // A client that listens has nothing more to say: whoever closes its side is gone.
                try await request.body.consumeWithCancellationOnInboundClose { _ in try await write(pieces) }
                try await pieces.finish()
            }
            return Response(status: status, headers: fields, body: body)
        }
    }

    private func head(length: Int) -> Response {
        var fields = fields
        fields[.contentLength] = String(length)
        return Response(status: status, headers: fields)
    }
}

private struct PieceWriter: WireWriter {
    var writer: any ResponseBodyWriter

    func write(_ bytes: [UInt8]) async throws {
        var writer = writer
        try await writer.write(ByteBuffer(bytes: bytes))
    }

    mutating func finish() async throws {
        try await writer.finish(nil)
    }
}

/// Counts what it is given, and keeps nothing of it.
private final class PieceCounter: WireWriter {
    private(set) var count = 0

    func write(_ bytes: [UInt8]) async throws {
        count += bytes.count
    }
}
