/// An ISO 4217 currency: its code in upper case and how many decimals its minor unit has.
package struct Currency: Hashable, Sendable {
    package let code: String
    package let exponent: Int

    /// - Parameter code: three letters in any case; `nil` when ISO 4217 does not list them.
    package init?(code: String) {
        let isPlain = code.utf8.count == 3 && code.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
        let upper = code.uppercased()
        guard isPlain, let exponent = Currency.exponents[upper] else { return nil }
        self.code = upper
        self.exponent = exponent
    }

    /// From the database, which keeps the exponent that the amounts were written with.
    package init(stored code: String, exponent: Int) {
        self.code = code
        self.exponent = exponent
    }

    /// What most vendors print.
    package var lowercased: String { code.lowercased() }

    private static let exponents: [String: Int] = {
        var table: [String: Int] = [:]
        let groups: [(Int, String)] = [
            (
                2,
                """
                AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF \
                CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
                GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL \
                MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR \
                PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP \
                TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
                """
            ),
            (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
            (3, "BHD IQD JOD KWD LYD OMR TND"),
            (4, "CLF UYW"),
        ]
        for (exponent, codes) in groups {
            for code in codes.split(separator: " ") { table[String(code)] = exponent }
        }
        return table
    }()
}
