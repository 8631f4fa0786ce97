import Outbound
import TestSupport
import Testing

@Suite struct HostileAddressTests {
    /// Names as an attacker's name server answers for them.
    private static let resolver = ScriptedResolver([
        "loopback.example.com": [.v4(0x7F00_0001)], "private.example.com": [.v4(0x0A00_0001)],
        "metadata.example.com": [.v4(0xA9FE_A9FE)], "mapped.example.com": [.v6(0xFFFF_7F00_0001)],
        "local6.example.com": [.v6(0xFE80 << 112 | 1)], "unique6.example.com": [.v6(0xFC00 << 112 | 1)],
        "both.example.com": [.v4(0x0808_0808), .v4(0x7F00_0001)], "zero.example.com": [.v4(0)],
        "good.example.com": [.v4(0x0808_0808), .v6(0x2606_4700 << 96 | 0x1111)],
    ])

    static let hostile = [
        // Loopback, in every spelling that some program reads as such.
        "https://127.0.0.1/", "https://127.0.0.1:8443/hook", "https://127.1/", "https://127.0.1/",
        "https://127.255.255.254/",
        "https://2130706433/", "https://017700000001/", "https://0x7f000001/", "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.01/", "https://127.0.0.0x1/", "https://[::1]/", "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[::7f00:1]/", "https://localhost/",
        "https://LOCALHOST/",
        "https://api.localhost/", "https://localhost.localdomain/", "https://loopback.example.com/",
        "https://mapped.example.com/",
        // Networks that are not public.
        "https://10.0.0.1/", "https://10.255.255.255/", "https://172.16.0.1/", "https://172.31.255.255/",
        "https://192.168.1.1/",
        "https://100.64.0.1/", "https://169.254.169.254/latest/meta-data/", "https://metadata.example.com/",
        "https://private.example.com/", "https://0.0.0.0/", "https://0/", "https://zero.example.com/",
        "https://192.0.0.8/",
        "https://192.0.2.1/", "https://198.18.0.1/", "https://198.51.100.7/", "https://203.0.113.9/",
        "https://224.0.0.1/",
        "https://239.255.255.250/", "https://240.0.0.1/", "https://255.255.255.255/", "https://192.88.99.1/",
        "https://[::]/",
        "https://[fc00::1]/", "https://[fd12:3456:789a::1]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/",
        "https://[fec0::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/", "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:7f00:1::1]/", "https://[2001::1]/", "https://[100::1]/",
        "https://local6.example.com/", "https://unique6.example.com/", "https://both.example.com/",
        "https://metadata.google.internal/", "https://db.internal/", "https://printer.local/", "https://intranet/",
        "https://router.lan/",
        // What two parsers read in two ways.
        "https://good.example.com@127.0.0.1/", "https://127.0.0.1@good.example.com/",
        "https://user:pass@good.example.com/",
        "https://good.example.com\\@127.0.0.1/", "https://good.example.com#@127.0.0.1/",
        "https://127.0.0.1#good.example.com/",
        "https://good.example.com:80:443/", "https://good.example.com:0/", "https://good.example.com:65536/",
        "https://good.example.com:+443/", "https://good.example.com:/", "https://good.example.com./",
        "https://.good.example.com/",
        "https://good..example.com/", "https://good_%31.example.com/", "https://%31%32%37.0.0.1/",
        "https:///127.0.0.1/",
        "https:127.0.0.1/", "https://", "https:// 127.0.0.1/", "https://127.0.0.1\u{9}/",
        "https://good.example.com/\r\nHost: a",
        "https://１２７.0.0.1/", "https://①②⑦.0.0.1/", "https://localhost。/", "https://bücher.example/",
        "https://[127.0.0.1]/",
        "https://[::1/", "https://::1/", "https://[::1]x/", "https://[1:2:3:4:5:6:7:8:9]/", "https://[:::1]/",
        "https://good.example.com[::1]/",
        // Other ways to other places.
        "http://good.example.com/", "http://8.8.8.8/", "ftp://good.example.com/", "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_",
        "dict://127.0.0.1:11211/", "javascript:alert(1)", "//good.example.com/", "good.example.com", "",
        "unix:/run/storno.sock",
    ]

    @Test func `there are at least eighty`() { #expect(Set(Self.hostile).count >= 80) }

    @Test(arguments: hostile)
    func `no address that leads somewhere else is called`(_ url: String) async {
        let targets = TargetGuard(allowsLoopback: false, resolver: Self.resolver)
        await #expect(throws: TargetFailure.self) { _ = try await targets.check(url) }
    }

    @Test(
        arguments: [
            "https://good.example.com/", "https://good.example.com/hooks?token=a%20b&x=[1]",
            "HTTPS://Good.Example.COM:8443",
            "https://8.8.8.8/", "https://[2606:4700::1111]:8443/a", "https://good.example.com?x=1",
        ]
    )
    func `public addresses are called`(_ url: String) async throws {
        let targets = TargetGuard(allowsLoopback: false, resolver: Self.resolver)
        let target = try await targets.check(url)
        #expect(target.url.text.hasPrefix("https://"))
    }

    @Test(
        arguments: [
            "https://127.0.0.1:8443/", "http://127.0.0.1:9000/hook", "http://localhost:9000/", "http://[::1]:9000/",
            "https://loopback.example.com/",
        ]
    )
    func `the setting for development allows this machine`(_ url: String) async throws {
        let targets = TargetGuard(allowsLoopback: true, resolver: Self.resolver)
        let target = try await targets.check(url)
        #expect(AddressGuard.isLoopback(target.address))
    }

    @Test(
        arguments: [
            "https://10.0.0.1/", "http://169.254.169.254/", "https://private.example.com/", "http://good.example.com/",
            "http://both.example.com/", "https://[::ffff:127.0.0.1]/", "http://0x7f000001/", "https://0.0.0.0/",
        ]
    )
    func `the setting for development allows nothing else`(_ url: String) async {
        let targets = TargetGuard(allowsLoopback: true, resolver: Self.resolver)
        await #expect(throws: TargetFailure.self) { _ = try await targets.check(url) }
    }

    @Test func `a name is looked up at each call, and the call goes to what was looked at`() async throws {
        let resolver = ScriptedResolver(["turns.example.com": [.v4(0x0808_0808)]])
        let targets = TargetGuard(allowsLoopback: false, resolver: resolver)
        #expect(try await targets.check("https://turns.example.com/").address == .v4(0x0808_0808))
        resolver.turn("turns.example.com", to: [.v4(0x7F00_0001)])
        await #expect(throws: TargetFailure.notPublic) { _ = try await targets.check("https://turns.example.com/") }
        resolver.turn("turns.example.com", to: [])
        await #expect(throws: TargetFailure.unresolved) { _ = try await targets.check("https://turns.example.com/") }
    }

    @Test(
        arguments: [
            ("::", 0), ("::1", 1), ("1::", 1 << 112), ("1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004_0005_0006_0007_0008),
            ("::ffff:1.2.3.4", 0xFFFF_0102_0304), ("1::8", 1 << 112 | 8), ("fe80::ABCD", 0xFE80 << 112 | 0xABCD),
        ] as [(String, UInt128)]
    )
    func `IPv6 addresses are read as RFC 4291 has them`(_ text: String, _ number: UInt128) {
        #expect(IPAddress(v6: text) == .v6(number))
        #expect(IPAddress(v6: IPAddress.v6(number).text) == .v6(number))
    }

    @Test(
        arguments: [
            "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::12345", "::g", "1.2.3.4",
            "::1.2.3", "1.2.3.4::",
            "1:2:3:4:5:6:7:8::", "::1%1", ":1", "1:",
        ]
    )
    func `nothing else is an IPv6 address`(_ text: String) { #expect(IPAddress(v6: text) == nil) }
}
