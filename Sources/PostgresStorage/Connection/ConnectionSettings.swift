#if PostgreSQL
import CLibPQ

/// How to connect, and what each connection is held to.
struct ConnectionSettings: Sendable {
    /// A connection string or URI, as libpq takes it.
    let target: String
    /// Where the tables are, if not where the server looks by itself.
    let schema: String?
    /// How long a statement may take, any wait in it included. The answer is waited for a little longer.
    var statementSeconds = 8

    /// The same for work that goes through everything.
    var patient: ConnectionSettings {
        var settings = self
        settings.statementSeconds = 3600
        return settings
    }

    func connect() throws(PostgresFailure) -> PostgresConnection {
        let connection = try PostgresConnection(to: target, answerTime: .seconds(statementSeconds + 2))
        try connection.script(preamble)
        return connection
    }

    /// A node that is held up in a transaction holds up the others for no longer than a statement may take.
    ///
    /// Decisions are made on the primary, and nothing is confirmed that is not on its disk. `remote_apply`, which is
    /// stricter, is left as it is.
    private var preamble: String {
        """
        SET statement_timeout = '\(statementSeconds)s';
        SET lock_timeout = '\(max(statementSeconds / 2, 1))s';
        SET idle_in_transaction_session_timeout = '\(statementSeconds)s';
        SET client_min_messages = 'warning';
        SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') <> 'remote_apply';
        """ + (schema.map { "SET search_path = \"\($0)\"" } ?? "")
    }

    /// The target for people: hosts and database, no password.
    static func place(of target: String) -> String {
        var words: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(target, &words) else {
            PQfreemem(words)
            return "this PostgreSQL address"
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let host = values["host"] ?? values["hostaddr"] ?? "localhost"
        let hosts = host.split(separator: ",").map(String.init)
        let ports = (values["port"] ?? "").split(separator: ",").map(String.init)
        let places = hosts.enumerated()
            .map { index, host in
                let port = ports.count == 1 ? ports[0] : ports.indices.contains(index) ? ports[index] : ""
                return port.isEmpty ? host : "\(host):\(port)"
            }
        return "postgres://\(places.joined(separator: ","))/\(values["dbname"] ?? "")"
    }
}
#endif
