import DialectKit
import HTTPTypes
import NIOConcurrencyHelpers
import Server

/// What a request is answered, all of it.
package struct Answer: Sendable {
    package let status: Int
    package let fields: HTTPFields
    package let body: [UInt8]

    package init(status: Int, fields: HTTPFields = [:], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    fileprivate init(_ response: WireResponse) async throws {
        status = response.status.code
        fields = response.fields
        switch response.body {
        case .empty: body = []
        case .bytes(let bytes): body = bytes
        case .pieces(let write):
            let pieces = Pieces()
            try await write(pieces)
            body = pieces.bytes.withLockedValue { $0 }
        // It has no end.
        case .stream: body = []
        }
    }

    package var isSuccess: Bool { (200..<300).contains(status) }

    var text: String { String(decoding: body, as: UTF8.self) }
}

extension FrontDoor {
    package func answer(_ request: RequestText) async throws -> Answer {
        try await Answer(answer(request.request, "req_fuzzing").response)
    }
}

private final class Pieces: WireWriter, Sendable {
    let bytes = NIOLockedValueBox<[UInt8]>([])

    func write(_ piece: [UInt8]) async throws { bytes.withLockedValue { $0 += piece } }
}
