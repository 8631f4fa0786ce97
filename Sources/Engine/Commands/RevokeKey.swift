import Domain
import Storage

/// Takes a key out of use.
package struct RevokeKey: Command {
    package let hash: Digest256
    package let author: Author

    /// - Parameter hash: of a key that is there.
    package init(hash: Digest256, by author: Author = .storno) {
        self.hash = hash
        self.author = author
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.apiKeys = [hash]
        return footprint
    }

    /// - Throws: `EngineFailure.fault` where there is no such key: none is ever removed.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<APIKey> {
        guard var key = set.apiKeys[hash] else { throw .fault }
        guard key.revokedAt == nil else { return Decision([], key) }
        key.revokedAt = context.truth
        let act = author.act("api_key.revoked", in: key.book, "api_key", key.name, [], context)
        return Decision([.update(.apiKey(key)), act], key)
    }
}
