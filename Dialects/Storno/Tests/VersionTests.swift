import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct VersionTests {
    @Test func `every answer names the version that it is in`() async throws {
        try await Merchant.run { merchant in
            for path in ["/refunds", "/refunds/ref_none", "/nowhere"] {
                #expect(try await merchant.get(path).fields[.stornoVersion] == "2026-11-01")
            }
            let asked = try await merchant.send(.get, "/refunds", nil, ["Storno-Version": "2026-11-01"])
            #expect(asked.fields[.stornoVersion] == "2026-11-01")
            let nobody = try await merchant.server.send(.get, "/storno/v1/refunds", headers: ["Host": "localhost"])
            #expect(nobody.fields[.stornoVersion] == "2026-11-01")
        }
    }

    @Test(arguments: ["2026-11-02", "", "latest"])
    func `a version that there is not is refused with those that there are`(version: String) async throws {
        try await Merchant.run { merchant in
            let refused = try await merchant.send(.get, "/refunds", nil, ["Storno-Version": version])
            #expect(refused.status == 400)
            #expect(try refused.code == "unknown_version")
            #expect(try refused.json["versions"]?.array?.compactMap(\.string) == ["2026-11-01"])
        }
    }
}
