import Domain
import Engine

/// How people reach Storno: some node that takes requests.
final class Door: @unchecked Sendable {
    private let world: World
    private let nodes: [Node]

    init(world: World, nodes: [Node]) {
        self.world = world
        self.nodes = nodes
    }

    var serving: [(process: Process, engine: Engine)] { nodes.compactMap(\.serving) }

    /// Calls some node that takes requests.
    ///
    /// - Returns: the process that was asked, if there was one; an answer of a dead process was not heard.
    func call<Value: Sendable>(
        _ body: @Sendable @escaping (Engine) async throws(EngineFailure) -> Value
    ) async -> (process: Process?, outcome: Result<Value, EngineFailure>) {
        let serving = serving
        guard !serving.isEmpty else { return (nil, .failure(.storageUnavailable)) }
        if serving.count > 1 { world.meet(.bothNodesServed) }
        let (process, engine) = serving[world.scheduler.chance.index(serving.count)]
        let outcome = await withTaskExecutorPreference(process.lane) { () async -> Result<Value, EngineFailure> in
            do throws(EngineFailure) {
                return .success(try await body(engine))
            } catch {
                return .failure(error)
            }
        }
        return (process, outcome)
    }
}
