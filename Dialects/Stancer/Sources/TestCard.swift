import Domain

/// What the vendor's test numbers say of themselves. Nothing is known about real cards.
enum TestCard {
    static let funding = "credit"

    /// The series `400000…` carries the country's number (ISO 3166-1) in its seventh to ninth digit; zeros there
    /// and the two classic numbers are of the United States.
    static func country(of number: CardNumber) -> String? {
        if unitedStates.contains(number.digits) { return "US" }
        guard number.digits.hasPrefix(series) else { return nil }
        return countries[String(number.digits.dropFirst(series.count).prefix(3))]
    }

    private static let series = "400000"
    private static let unitedStates = ["4242424242424242", "5555555555554444"]

    private static let countries = [
        "000": "US", "036": "AU", "040": "AT", "056": "BE", "076": "BR", "124": "CA", "156": "CN", "208": "DK",
        "246": "FI", "250": "FR", "276": "DE", "344": "HK", "372": "IE", "380": "IT", "392": "JP", "442": "LU",
        "484": "MX", "528": "NL", "554": "NZ", "578": "NO", "620": "PT", "643": "RU", "702": "SG", "724": "ES",
        "752": "SE", "756": "CH", "826": "GB",
    ]
}
