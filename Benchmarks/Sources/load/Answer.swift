import NIOCore

/// An HTTP/1.1 answer at the front of what has arrived: only how it ended and how long it is.
enum Answer {
    case incomplete
    case complete(status: Int)
    case unreadable

    /// - Parameter buffer: holds one answer at the most, since no request is sent before the last one was answered.
    init(in buffer: ByteBuffer) {
        self = buffer.withUnsafeReadableBytes { bytes in
            guard let end = bytes.firstRange(of: "\r\n\r\n") else { return .incomplete }
            let head = UnsafeRawBufferPointer(rebasing: bytes[..<end])
            guard head.count >= 12, head.starts(with: "HTTP/1.1 ".utf8),
                let status = Int(decimal: head[9..<12])
            else { return .unreadable }
            let body = bytes.count - end - 4
            if let length = head.field("\ncontent-length:") {
                guard let length = Int(decimal: length) else { return .unreadable }
                return body < length ? .incomplete : body == length ? .complete(status: status) : .unreadable
            }
            guard head.field("\ntransfer-encoding:") != nil else {
                return status == 204 || status == 304 ? .complete(status: status) : .unreadable
            }
            let last = bytes.suffix(5)
            return body >= 5 && last.elementsEqual("0\r\n\r\n".utf8) ? .complete(status: status) : .incomplete
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Where the text begins.
    fileprivate func firstRange(of text: StaticString) -> Int? {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return nil }
        for start in 0...(count - length) where self[start] == text.utf8Start[0] {
            if (1..<length).allSatisfy({ self[start + $0] == text.utf8Start[$0] }) { return start }
        }
        return nil
    }

    /// A field's value.
    ///
    /// - Parameter name: in lower case, from the line end before it to the colon.
    fileprivate func field(_ name: StaticString) -> Slice<UnsafeRawBufferPointer>? {
        let length = name.utf8CodeUnitCount
        guard count >= length else { return nil }
        for start in 0...(count - length) where self[start] == 0x0A {
            // Colons and letters of either case; the line end is compared already.
            guard (1..<length).allSatisfy({ self[start + $0] | 0x20 == name.utf8Start[$0] | 0x20 }) else { continue }
            let value = self[(start + length)...].drop { $0 == 0x20 }
            return value.prefix { $0 != 0x0D }
        }
        return nil
    }
}

extension Int {
    fileprivate init?(decimal digits: Slice<UnsafeRawBufferPointer>) {
        guard (1...15).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        self = value
    }
}
