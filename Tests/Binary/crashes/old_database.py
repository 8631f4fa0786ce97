"""Databases of earlier schemas, and what a migration must leave as it was."""
import pathlib
import shutil
import sqlite3

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
    """Every row of every table, in the columns that there were."""

    def __init__(self, folder, columns=None):
        """
        - columns: of each table those to read; all there are if left out.
        """
        database = sqlite3.connect(folder / "storno.sqlite")
        self.columns = columns or {
            table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if table not in OWN
        }
        self.rows = {
            table: sorted(database.execute(f"SELECT {', '.join(names)} FROM {table}"), key=repr)
            for table, names in self.columns.items()
        }
        self.secret_key = database.execute("SELECT value FROM meta WHERE name = 'secret_key'").fetchall()
        database.close()


def schema(folder):
    """Which migrations a database has, and everything that is in its schema."""
    database = sqlite3.connect(folder / "storno.sqlite")
    migrations = database.execute("SELECT identifier FROM grdb_migrations ORDER BY identifier").fetchall()
    objects = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    database.close()
    return [name for (name,) in migrations], objects
