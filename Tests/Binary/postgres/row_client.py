"""In Storno's place a client that writes rows itself: what the servers lose is then not Storno's doing."""
import psycopg

from writers import Unanswered

TABLE = """
CREATE TABLE told (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), key text UNIQUE NOT NULL, amount int NOT NULL)
"""


class RowClient:
    """One row a wish."""

    def __init__(self, url, password):
        self.url, self.password, self.connection = url, password, None

    def ask(self, wish):
        """The row's id."""
        insert = "INSERT INTO told (key, amount) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING RETURNING id"
        return (self.execute(insert, wish.key, wish.amount) or self.find(wish))[0]

    def holds(self, wish, granted):
        return self.find(wish) == (granted,)

    def find(self, wish):
        return self.execute("SELECT id FROM told WHERE key = %s", wish.key)

    def execute(self, text, *values):
        try:
            if self.connection is None:
                self.connection = psycopg.connect(
                    self.url, password=self.password, autocommit=True, connect_timeout=2
                )
            return self.connection.execute(text, values).fetchone()
        except psycopg.OperationalError as failure:
            self.close()
            raise Unanswered from failure

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
