/// Server-sent events, as the HTML standard has them (9.2), from the bytes as they come.
struct ServerSentEvents: Sendable {
    struct Frame: Sendable, Equatable {
        /// The last id that was told, by this frame or one before.
        var id: String?
        var type: String?
        var data: String
    }

    struct TooLong: Error {}

    /// A frame with more is not one of ours.
    private static let longestFrame = 1024 * 1024

    private(set) var lastID: String?
    /// How long to wait before connecting again, as the server wishes.
    private(set) var retry: Duration?
    private var line: [UInt8] = []
    private var endedInReturn = false
    private var type: String?
    private var data: [String] = []
    private var length = 0

    /// - Returns: the frames that became complete.
    mutating func take(_ bytes: [UInt8]) throws(TooLong) -> [Frame] {
        var frames: [Frame] = []
        for byte in bytes {
            let isSecondOfPair = endedInReturn && byte == 0x0A
            endedInReturn = byte == 0x0D
            guard !isSecondOfPair else { continue }
            guard byte == 0x0A || byte == 0x0D else {
                line.append(byte)
                guard length + line.count <= Self.longestFrame else { throw TooLong() }
                continue
            }
            if let frame = end(String(decoding: line, as: UTF8.self)) { frames.append(frame) }
            line.removeAll(keepingCapacity: true)
        }
        return frames
    }

    private mutating func end(_ line: String) -> Frame? {
        guard !line.isEmpty else {
            defer { (type, data, length) = (nil, [], 0) }
            return data.isEmpty ? nil : Frame(id: lastID, type: type, data: data.joined(separator: "\n"))
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        length += line.utf8.count
        switch parts[0] {
        case "data": data.append(String(value))
        case "event": type = String(value)
        case "id": if !value.contains("\0") { lastID = value.isEmpty ? nil : String(value) }
        case "retry":
            if let milliseconds = Int64(value), (0...600_000).contains(milliseconds) {
                retry = .milliseconds(milliseconds)
            }
        // A comment, or a field that nobody knows.
        default: break
        }
        return nil
    }
}
