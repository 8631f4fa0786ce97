import Domain

/// Cari's way to write an instant: `2023-10-11T00:00:00`, in UTC, without zone and fraction.
enum Timestamp {
    static func text(_ moment: Moment) -> String { CivilTime(moment).text }
}
