/// What is asked, of whom, and how fast: JSON on standard input.
struct Plan: Decodable {
    struct Request: Decodable {
        /// How often, beside the others.
        let weight: Int
        let method: String
        /// `{name}` stands for one of the texts in the list of that name, `{key}` for a text that is never used twice. The
        /// same goes for fields and body.
        let path: String
        let fields: [String: String]
        let body: String?
    }

    let ports: [Int]
    /// A PEM file with whom to trust; without it, no TLS is spoken.
    let authority: String?
    let connections: Int
    /// Requests a second, at random moments, whether others were answered or not. Without it, each connection asks again
    /// once it has its answer.
    let rate: Double?
    /// Seconds before anything counts, and seconds that count.
    let warmup: Double
    let seconds: Double
    /// Ends after so many answers, if that is earlier.
    let limit: Int?
    let seed: UInt64
    /// Files with a text a line.
    let lists: [String: String]
    let requests: [Request]
    /// Whose processor time is read where the counting begins and ends.
    let processes: [Int32]
}
