import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Doctor {
    /// Words that nobody reads: misspelled, most likely.
    func unknownSettings() -> [Diagnosis] {
        var found = unknownKeys()
        let known = Set(Settings.keys.map { Settings.environmentName(of: $0) } + ["STORNO_CONFIG"])
        for name in environment.keys.sorted() where name.hasPrefix("STORNO_") && !known.contains(name) {
            found.append(
                .warning(
                    "settings",
                    "nothing reads the variable \(name)",
                    "Correct its name (docs/reference/settings.md)"
                )
            )
        }
        return found.isEmpty ? [.ok("settings", "all of them are known")] : found
    }

    private func unknownKeys() -> [Diagnosis] {
        guard let file else { return [] }
        guard let data = FileManager.default.contents(atPath: file),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else {
            return [.problem("settings", "\(file) is no JSON object", "Correct it, or start without --config")]
        }
        return Self.paths(object, "").sorted().filter { !Settings.keys.contains($0) }
            .map { key in
                .warning("settings", "nothing reads \(key) in \(file)", "Correct its name (docs/reference/settings.md)")
            }
    }

    private static func paths(_ object: [String: Any], _ prefix: String) -> [String] {
        object.flatMap { name, value -> [String] in
            if let inner = value as? [String: Any] { return paths(inner, prefix + name + ".") }
            return [prefix + name]
        }
    }

    func descriptors() -> [Diagnosis] {
        let (allowed, least, most) = (DescriptorLimit.allowed, DescriptorLimit.fewest, DescriptorLimit.wanted)
        if allowed < least {
            return [
                .problem(
                    "descriptors",
                    "\(allowed) open files are allowed, and a server takes \(least)",
                    "Raise the hard limit: ulimit -Hn, or LimitNOFILE= where systemd starts it"
                )
            ]
        }
        guard allowed < most else { return [.ok("descriptors", "\(allowed) open files are allowed")] }
        return [
            .warning(
                "descriptors",
                "\(allowed) open files are allowed, so that fewer clients can be connected than a server could take",
                "Raise the hard limit to \(most): ulimit -Hn, or LimitNOFILE= where systemd starts it"
            )
        ]
    }

    /// The master key as a file; whether it fits the database, opening that one says.
    func secretKey() -> [Diagnosis] {
        let path = settings.secretKeyFile
        do {
            if try SecretKeyFile.read(path) != nil {
                return [.ok("secret_key", "\(path) is a key for its owner alone")]
            }
            return [
                .warning(
                    "secret_key",
                    "there is no \(path)",
                    "A new installation makes it at its first start; for one that was used, put its key back"
                )
            ]
        } catch let failure as SettingsFailure {
            return [.problem("secret_key", failure.reason, "Put back the key from its copy, with mode 0600")]
        } catch {
            return [.problem("secret_key", "\(path) cannot be read", "Make it readable for the server's user alone")]
        }
    }
}
