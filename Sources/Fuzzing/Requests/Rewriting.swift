import DialectKit
import HTTPTypes

extension RequestText {
    /// Whether it is, or may be, a request to Storno's own API.
    var isToOurs: Bool {
        var authorization = HTTPFields()
        for field in fields where field.name == .authorization { authorization.append(field) }
        return target.hasPrefix("/storno") || Credentials(authorization).text?.hasPrefix("storno_") ?? false
    }

    /// The same wish in other bytes: blanks, and the members in another order. `nil` for a body that is no object.
    func rewritten(addingUnknown addsUnknown: Bool) -> RequestText? {
        guard case .object(let members)? = try? JSONReader.read(body) else { return nil }
        var turned = RequestText.turned(members)
        let unknown = "unknown to every API"
        if addsUnknown, !members.contains(where: { $0.name == unknown }) {
            turned.append(JSONMember(unknown, .array([.null, .object([])])))
        }
        var request = self
        request.body = [0x20] + JSONWriter.bytes(.object(turned)) + [0x0A, 0x09]
        return request
    }

    private static func turned(_ members: [JSONMember]) -> [JSONMember] {
        members.reversed().map { JSONMember($0.name, turned($0.value)) }
    }

    private static func turned(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .number, .string: value
        case .array(let values): .array(values.map(turned))
        case .object(let members): .object(turned(members))
        }
    }
}
