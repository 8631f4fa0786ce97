import NIOCore

/// A request's bytes, with gaps for what differs each time.
struct Template {
    private enum Piece {
        case bytes([UInt8])
        case item(of: [[UInt8]])
        case key
    }

    private let head: [Piece]
    private let body: [Piece]?

    init(_ request: Plan.Request, host: String, lists: [String: [[UInt8]]]) throws(PlanFailure) {
        var text = "\(request.method) \(request.path) HTTP/1.1\r\nHost: \(host)\r\n"
        for (name, value) in request.fields.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
        head = try Self.pieces(text, lists)
        var parts: [Piece]?
        if let written = request.body { parts = try Self.pieces(written, lists) }
        body = parts
    }

    /// Braces that hold a name are gaps; others, as in JSON, are what they are.
    private static func pieces(_ text: String, _ lists: [String: [[UInt8]]]) throws(PlanFailure) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            let inside = rest[rest.index(after: open)...].prefix { $0.isLetter || $0 == "_" }
            let isGap = !inside.isEmpty && rest[inside.endIndex...].first == "}"
            let name = String(inside)
            pieces.append(.bytes(Array(rest[..<open].utf8)))
            guard isGap else {
                pieces.append(.bytes(Array("{".utf8)))
                rest = rest[rest.index(after: open)...]
                continue
            }
            if name == "key" {
                pieces.append(.key)
            } else if let list = lists[name], !list.isEmpty {
                pieces.append(.item(of: list))
            } else {
                throw PlanFailure(reason: "there is no list \(name)")
            }
            rest = rest[rest.index(after: inside.endIndex)...]
        }
        pieces.append(.bytes(Array(rest.utf8)))
        return pieces
    }

    /// - Parameter scratch: room for the body, whose length comes before it.
    func write(to buffer: inout ByteBuffer, scratch: inout ByteBuffer, random: inout SplitMix, keys: inout Keys) {
        buffer.clear()
        Self.write(head, to: &buffer, &random, &keys)
        if let body {
            scratch.clear()
            Self.write(body, to: &scratch, &random, &keys)
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(scratch.readableBytes))
            buffer.writeStaticString("\r\n\r\n")
            buffer.writeBuffer(&scratch)
        } else {
            buffer.writeStaticString("\r\n")
        }
    }

    private static func write(
        _ pieces: [Piece],
        to buffer: inout ByteBuffer,
        _ random: inout SplitMix,
        _ keys: inout Keys
    ) {
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): buffer.writeBytes(bytes)
            case .item(let list): buffer.writeBytes(list[Int(random.next(upperBound: UInt64(list.count)))])
            case .key: buffer.writeBytes(keys.next())
            }
        }
    }
}

/// Texts that no run has had before, all of one length.
struct Keys {
    private let run = Array(String(UInt64.random(in: (1 << 63)...(.max)), radix: 16).utf8)
    private var count: UInt64 = 1 << 47

    mutating func next() -> [UInt8] {
        count += 1
        var text = run
        var rest = count
        for _ in 0..<12 {
            text.append(Array("0123456789abcdef".utf8)[Int(rest & 15)])
            rest >>= 4
        }
        return text
    }
}

/// A small generator of random numbers, the same for the same seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

struct PlanFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}
