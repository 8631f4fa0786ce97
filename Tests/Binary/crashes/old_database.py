"""Databases of earlier schemas, and what a migration must leave as it was."""
import pathlib
import shutil
import sqlite3

from seals import Seals

SCHEMAS = pathlib.Path(__file__).with_name("schemas")
# What the program keeps about itself in these may change with every start.
OWN = {"grdb_migrations", "meta"}


def make(schema, folder):
    """Makes a database of that schema, with its key, as the program would have left it."""
    with sqlite3.connect(folder / "storno.sqlite") as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript((SCHEMAS / f"{schema}.sql").read_text())
    database.close()
    shutil.copyfile(SCHEMAS / f"{schema}.secret-key", folder / "storno.key")
    (folder / "storno.key").chmod(0o600)


class Contents:
    """Every row of every table, in the columns that there were; what is sealed, opened."""

    def __init__(self, folder, columns=None):
        """
        - columns: of each table those to read; all there are if left out.
        """
        database = sqlite3.connect(folder / "storno.sqlite")
        seals = Seals(folder / "storno.key")
        tables = {
            table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if table not in OWN
        }
        self.columns = {
            table: names for table, names in (columns or tables).items() if table not in ("person", "note", "answer")
        }
        self.rows = {
            table: sorted(database.execute(f"SELECT {', '.join(names)} FROM {table}"), key=repr)
            for table, names in self.columns.items()
        }
        is_sealed = "sealed" in tables["person"]
        self.rows |= sealed_texts(database, seals) if is_sealed else clear_texts(database)
        self.secret_key = database.execute("SELECT value FROM meta WHERE name = 'secret_key'").fetchall()
        database.close()


def clear_texts(database):
    """What the first two schemas kept in clear and later ones seal."""
    names = ["name", "first_name", "last_name", "email", "mobile", "postal_code"]
    persons = database.execute(f"SELECT book, id, {', '.join(names)} FROM person")
    return {
        "person": {
            (book, person): {name: text for name, text in zip(names, texts) if text is not None}
            for book, person, *texts in persons
        },
        "note": set(database.execute("SELECT book, object, name, kind, text FROM note")),
        "answer": set(database.execute("SELECT book, key, body FROM answer")),
    }


def sealed_texts(database, seals):
    return {
        "person": {
            (book, person): seals.person(book, person, sealed)
            for book, person, sealed in database.execute("SELECT book, id, sealed FROM person")
        },
        "note": {
            (book, thing, name, kind, seals.note(book, thing, name, sealed))
            for book, thing, name, kind, sealed in database.execute("SELECT book, object, name, kind, sealed FROM note")
        },
        "answer": {
            (book, key, seals.answer(book, key, body))
            for book, key, body in database.execute("SELECT book, key, body FROM answer")
        },
    }


def schema(folder):
    """Which migrations a database has, and everything that is in its schema."""
    database = sqlite3.connect(folder / "storno.sqlite")
    migrations = database.execute("SELECT identifier FROM grdb_migrations ORDER BY identifier").fetchall()
    objects = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    database.close()
    return [name for (name,) in migrations], objects
