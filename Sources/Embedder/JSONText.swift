import Yams

/// A YAML node as JSON.
///
/// - Parameter place: for the message of a failure.
func json(_ node: Node, at place: String) throws -> String {
    switch node {
    case .mapping(let mapping):
        var names: Set<String> = []
        let members = try mapping.map { name, value in
            guard let name = name.scalar?.string, names.insert(name).inserted else {
                throw Failure("\(place): a name is no text, or stands there twice")
            }
            return try "\(quoted(name)):\(json(value, at: "\(place) > \(name)"))"
        }
        return "{" + members.joined(separator: ",") + "}"
    case .sequence(let sequence):
        return try "[" + sequence.map { try json($0, at: place) }.joined(separator: ",") + "]"
    case .scalar(let scalar):
        return try text(of: scalar, node, at: place)
    case .alias:
        throw Failure("\(place): an alias leads nowhere")
    }
}

private func text(of scalar: Node.Scalar, _ node: Node, at place: String) throws -> String {
    switch node.tag.description {
    case "tag:yaml.org,2002:str": return quoted(scalar.string)
    case "tag:yaml.org,2002:null": return "null"
    case "tag:yaml.org,2002:bool":
        guard scalar.string == "true" || scalar.string == "false" else { break }
        return scalar.string
    case "tag:yaml.org,2002:int":
        guard let number = Int(scalar.string), String(number) == scalar.string else { break }
        return scalar.string
    default: break
    }
    // A day without quotes, `no`, `0x10`: whoever wrote it meant a text, or should say so.
    throw Failure("\(place): put quotes around \(scalar.string)")
}

private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\t": quoted += "\\t"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}
