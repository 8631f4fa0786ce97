extension EventPart {
    /// A JSON object; the names are ours, so only the texts need care.
    package var json: String {
        var json = "{"
        for member in members {
            if json.utf8.count > 1 { json += "," }
            json += "\"\(member.name)\":"
            switch member.value {
            case .integer(let number): json += String(number)
            case .text(let text): json += Self.quoted(text)
            }
        }
        return json + "}"
    }

    private static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case _ where scalar.value < 0x20:
                json += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
