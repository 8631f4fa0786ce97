import DialectKit

extension FuzzTarget {
    /// A rule that does not hold. A run of the fuzzer is worth something only where it finds this one too.
    static let planted = FuzzTarget("planted") { bytes in
        guard case .array(let values)? = try? JSONReader.read(bytes) else { return }
        try hold(values.count < 3, "an array has three values, as planted")
    }
}
