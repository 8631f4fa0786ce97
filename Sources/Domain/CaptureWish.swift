/// What a merchant wants captured of what was authorized.
package struct CaptureWish: Sendable, Equatable {
    /// Minor units; `nil` for all that is left.
    package let amount: Int64?
    /// Whether it is the last: what is left then is let go.
    package let isFinal: Bool

    package init(amount: Int64? = nil, isFinal: Bool = false) {
        self.amount = amount
        self.isFinal = isFinal
    }
}
