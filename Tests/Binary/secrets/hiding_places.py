"""Where a server may leave what it was told: files, open descriptors, what shows of its process, copies of its data."""
import os
import sqlite3
import stat
import subprocess

from server import BINARY


class Place:
    """Some bytes, and where they are from."""

    def __init__(self, name, content):
        self.name, self.content = name, content


def files(folder, name):
    """Every file below a folder; sockets have nothing in them."""
    for root, _, names in os.walk(folder):
        for file in names:
            path = os.path.join(root, file)
            if os.path.isfile(path):
                with open(path, "rb") as opened:
                    yield Place(f"{name}: {os.path.relpath(path, folder)}", opened.read())


def process(pid):
    """What others on the machine can read of a process, and the files that it holds open, those without a name too."""
    for name in ["cmdline", "environ", "comm"]:
        with open(f"/proc/{pid}/{name}", "rb") as opened:
            yield Place(f"/proc/PID/{name}", opened.read())
    seen = set()
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        path = f"/proc/{pid}/fd/{descriptor}"
        try:
            status = os.stat(path)
            if stat.S_ISREG(status.st_mode) and (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                with open(path, "rb") as opened:
                    yield Place(f"an open file: {os.readlink(path)}", opened.read())
        except FileNotFoundError:
            # Closed meanwhile.
            continue


def backup_api(database, copy):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()


def vacuum_into(database, copy):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    source.close()


def storno_backup(database, copy):
    line = [str(BINARY), "backup", str(copy), "--database", f"sqlite:{database}"]
    subprocess.run(line, check=True, capture_output=True, cwd=copy.parent)


# Each makes a copy of a database that a server may be writing to: another way to copy goes here.
COPIERS = {"backup": backup_api, "VACUUM INTO": vacuum_into, "storno backup": storno_backup}


def copies(database, folder):
    """Copies of a database: {how: path}."""
    made = {}
    for name, copier in COPIERS.items():
        made[name] = folder / f"{name.lower().replace(' ', '-')}.sqlite"
        for old in folder.glob(made[name].name + "*"):
            old.unlink()
        copier(database, made[name])
    return made


def found(places, patterns):
    """What of the patterns stands in any of the places: [where, what, and what is around it]."""
    hits = []
    for place in places:
        for pattern, what in patterns.items():
            at = place.content.find(pattern)
            if at >= 0:
                around = place.content[max(at - 60, 0) : at + 60]
                hits.append(f"{place.name} has {what} at {at}: {around!r}")
    return hits


def columns(database):
    """Every column of every table, and its texts, blobs and numbers as bytes: [(table.column, [values])]."""
    with sqlite3.connect(database) as opened:
        opened.text_factory = bytes
        tables = [row[0].decode() for row in opened.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            rows = opened.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            values = list(zip(*rows)) or [()] * len(names)
            for name, column in zip(names, values):
                yield f"{table}.{name}", [as_bytes(value) for value in column if value is not None]
    opened.close()


def as_bytes(value):
    return value if isinstance(value, bytes) else str(value).encode()


def blanked(database, declared, copy):
    """A copy with the declared columns emptied, and nothing left of what they held."""
    backup_api(database, copy)
    with sqlite3.connect(copy) as opened:
        opened.execute("PRAGMA foreign_keys = OFF")
        for (trigger,) in opened.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            opened.execute(f'DROP TRIGGER "{trigger}"')
        for (index,) in opened.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall():
            opened.execute(f'DROP INDEX "{index}"')
        for column in declared:
            table, name = column.split(".")
            # Different from each other, since some are keys.
            news = f"CASE typeof({name}) WHEN 'blob' THEN randomblob(8) ELSE hex(randomblob(8)) END"
            opened.execute(f"UPDATE {table} SET {name} = {news} WHERE {name} IS NOT NULL")
        opened.commit()
        opened.execute("VACUUM")
    opened.close()
