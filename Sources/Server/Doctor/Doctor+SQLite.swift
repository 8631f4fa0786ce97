import Domain
import Foundation
import Rows
import SQLiteStorage
import Storage

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Doctor {
    private static let longLog = 256 << 20
    private static let littleRoom: Int64 = 1 << 30
    private static let noRoom: Int64 = 64 << 20

    func sqlite(_ path: String, _ isThorough: Bool) async -> [Diagnosis] {
        var found = [room(path)]
        guard FileManager.default.fileExists(atPath: path) else {
            return found + [
                .warning(
                    "database",
                    "there is no \(path) yet",
                    "`storno serve` makes it, `storno restore FILE` a restored one"
                )
            ]
        }
        found += [permissions(path), log(path)]
        found.append(await server(path))
        do {
            let secrets = try? SecretKeyFile.read(settings.secretKeyFile)
            let store = try SQLiteStore(reading: path, secrets: secrets)
            found += await look(at: store, isThorough)
        } catch let failure as any DatabaseOpenFailure {
            found.append(.problem("database", failure.description, "See above; docs/OPERATING.md has the steps"))
        } catch {
            found.append(
                .problem("database", "it cannot be opened: \(error)", "Restore a backup: `storno restore FILE`")
            )
        }
        return found + [backup(path)]
    }

    private func look(at store: SQLiteStore, _ isThorough: Bool) async -> [Diagnosis] {
        var found: [Diagnosis] = []
        do throws(StoreFailure) {
            if let place = try await store.newPlace() {
                found.append(
                    .problem(
                        "database",
                        "its books were moved to \(place)",
                        "Start servers with --database for that one"
                    )
                )
            } else {
                found.append(.ok("database", "it opens, with this program's schema"))
            }
            found.append(journal(store))
            if try await store.isBeingFilled() {
                found.append(
                    .warning(
                        "import",
                        "an import was cut off, or is under way",
                        "If none is, import the file again: it goes on, and whoever opens the database ends what is left"
                    )
                )
            }
            found.append(try await file(store))
            found += await books(store, isThorough)
            found.append(clock(try await store.latestMoment()))
        } catch {
            found.append(
                .problem("database", "it cannot be read: \(error.words)", "Restore a backup: `storno restore FILE`")
            )
        }
        return found
    }

    private func journal(_ store: SQLiteStore) -> Diagnosis {
        let mode = (try? store.journalMode ?? nil) ?? "unknown"
        guard mode == "wal" else {
            return .warning(
                "journal",
                "the file is in journal mode \(mode)",
                "`storno serve` sets WAL with synchronous=FULL at its start, and refuses to run without: watch its first line"
            )
        }
        return .ok("journal", "WAL; a server runs at synchronous=FULL or not at all")
    }

    private func file(_ store: SQLiteStore) async throws(StoreFailure) -> Diagnosis {
        guard let damage = try await store.damage() else { return .ok("file", "SQLite finds its pages in order") }
        return .problem(
            "file",
            "SQLite finds damage: \(damage)",
            "Stop the server, keep the file, and restore a backup: `storno restore FILE`"
        )
    }

    // MARK: - The files

    private func permissions(_ path: String) -> Diagnosis {
        for name in [path, path + "-wal", path + "-shm"] {
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: name) else { continue }
            if let mode = attributes[.posixPermissions] as? Int, mode & 0o077 != 0 {
                return .warning("permissions", "others can read \(name)", "chmod 600 \(name)")
            }
            guard access(name, R_OK | W_OK) == 0 else {
                return .problem(
                    "permissions",
                    "\(name) cannot be written by this user",
                    "Run as the server's user, or chown it"
                )
            }
        }
        return .ok("permissions", "the database is its owner's alone")
    }

    private func log(_ path: String) -> Diagnosis {
        let size = (try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0) ?? 0
        guard size > Self.longLog else { return .ok("log", "the write-ahead log has \(size) bytes") }
        return .warning(
            "log",
            "the write-ahead log has grown to \(size) bytes",
            "End what reads for long (a backup, a verify, another program); it shrinks at the next checkpoint"
        )
    }

    private func room(_ path: String) -> Diagnosis {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var system = statvfs()
        guard statvfs(folder, &system) == 0 else {
            return .problem(
                "disk",
                "\(folder) cannot be used: \(String(cString: strerror(errno)))",
                "Make the directory"
            )
        }
        let (free, overflow) = Int64(clamping: system.f_bavail)
            .multipliedReportingOverflow(by: Int64(clamping: system.f_frsize))
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64 ?? 0) ?? 0
        let megabytes = overflow ? Int64.max : free >> 20
        if !overflow, free < Self.noRoom {
            return .problem(
                "disk",
                "\(megabytes) MB are free",
                "Make room: a full disk refuses writes with 503, and loses nothing"
            )
        }
        if !overflow, free < max(Self.littleRoom, size / 4) {
            return .warning("disk", "\(megabytes) MB are free", "Make room for a quarter of the database or 1 GB")
        }
        return .ok("disk", "\(megabytes) MB are free")
    }

    /// Copies that `storno backup` left with their checksums, beside the database or in `backups` there.
    private func backup(_ path: String) -> Diagnosis {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        var newest: Date?
        for place in [folder, folder.appending(path: "backups")] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
            for name in names where name.hasSuffix(".sha256") {
                let attributes = try? FileManager.default.attributesOfItem(atPath: place.appending(path: name).path)
                guard let date = attributes?[.modificationDate] as? Date else { continue }
                newest = max(newest ?? date, date)
            }
        }
        guard let newest else {
            return .ok(
                "backup",
                "none lies beside the database; see that there is one elsewhere, with the key (`storno backup`)"
            )
        }
        let age = now.since(Moment(seconds: Int64(newest.timeIntervalSince1970)))
        let days = age.components.seconds / 86_400
        guard days > 7 else { return .ok("backup", "the newest beside the database is \(days) days old") }
        return .warning(
            "backup",
            "the newest beside the database is \(days) days old",
            "`storno backup FILE`, every day"
        )
    }

    // MARK: - The server

    private func server(_ path: String) async -> Diagnosis {
        guard Self.isLocked(path + ".lock") else { return .ok("server", "no server is running on this database") }
        do {
            try await AdminClient.knock(path + ".admin")
            return .ok("server", "\(Self.running), and its admin socket answers")
        } catch {
            return .problem(
                "server",
                "a process holds \(path), and nothing listens on \(path).admin",
                "Let it end if it is an import, a copy or a migration, or a server that starts or stops; end any other"
            )
        }
    }

    /// Whether somebody holds the database's lock. It is not tried: a server that starts in that moment would be refused.
    private static func isLocked(_ path: String) -> Bool {
        guard let inode = try? FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int else {
            return false
        }
        guard let locks = FileManager.default.contents(atPath: "/proc/locks") else { return tries(path) }
        return String(decoding: locks, as: UTF8.self).split(separator: "\n")
            .contains { line in
                let words = line.split(separator: " ")
                return words.contains("FLOCK") && words.contains { $0.hasSuffix(":\(inode)") }
            }
    }

    /// Where the system does not tell.
    private static func tries(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }
}
