"""What a failing server says and leaves: nothing of what it was told, not in an answer, a log or a core file."""
import http.client
import pathlib
import sqlite3
import subprocess
import time

import pytest
import requests

from accounts import Account
from canaries import CARD_KINDS, Canaries, patterns
from hiding_places import Place, files, found
from server import Storno

BROKEN = {
    # A rule of the schema, as if a command had broken it.
    "a trigger": "CREATE TRIGGER broken_{0} BEFORE INSERT ON {0} BEGIN SELECT RAISE(ABORT, 'the rule is broken'); END",
    "a constraint": "CREATE TRIGGER broken_{0} BEFORE INSERT ON {0} BEGIN INSERT INTO meta VALUES ('a', NULL); END",
    # A read that cannot be.
    "a table that is gone": "ALTER TABLE {0} RENAME TO gone_{0}",
}


@pytest.mark.parametrize("damage", BROKEN)
def test_an_internal_error_tells_nothing(tmp_path, damage):
    """Of the request, of the schema, or of the program: to the client; of the request in the log."""
    server = Storno(tmp_path, environment={"STORNO_LOG_LEVEL": "trace"}).start()
    try:
        account, canaries = Account(server, "mine"), Canaries()
        ids = account.objects()
        damaged = sqlite3.connect(tmp_path / "storno.sqlite", timeout=10)
        for table in ["customer", "payment", "refund", "card", "note"]:
            damaged.execute(BROKEN[damage].format(table))
        damaged.commit()
        damaged.close()
        failed = []
        for kind in ["text", "email", "name", "iban", *CARD_KINDS]:
            text, email = canaries.one(kind), canaries.one("email")
            person = {"first_name": text, "last_name": text, "email": email, "metadata": {text: text}}
            refund = {"amount": 1, "payment": ids["collctiv"]["payment"], "metadata": {"a": text}}
            refund["reason"] = {"code": "customer_requested", "comment": text}
            card = {"number": canaries.one("number"), "exp_month": 1, "exp_year": 2040, "name": text}
            charge = {
                "amount": 500,
                "currency": "usd",
                "provider": "card",
                "card": {"token": text},
                "description": text,
            }
            for dialect, path, body in [
                ("collctiv", "/v1/customers", person),
                ("collctiv", "/v1/refunds", refund),
                ("stancer", "/v1/cards", card),
                ("cari", "/charges", charge),
            ]:
                answer = account.send(dialect, "POST", path, body, **{"Idempotency-Key": text})
                failed.append(answer)
            failed.append(account.send("stancer", "GET", f"/v1/checkout/?order_id={email}"))
            failed.append(account.send("collctiv", "GET", f"/v1/customers/{ids['collctiv']['customer']}"))
        internal = [answer for answer in failed if answer.status >= 500]
        assert len(internal) > 10
        for answer in failed:
            assert found([Place("an answer", answer.body)], patterns()) == []
            for word in [b"SQL", b"broken", b"table", b"column", b".swift", b"Swift", b"INSERT", b"gone"]:
                assert word not in answer.body, answer.body
        assert requests.get(f"{server.url}/healthz", timeout=5).status_code == 200
    finally:
        server.kill()
    log = Place("the log", (tmp_path / "server.log").read_bytes())
    said = {
        "a trigger": b"the rule is broken",
        "a constraint": b"constraint failed",
        "a table that is gone": b"no such table",
    }
    assert said[damage] in log.content
    assert found([log], patterns()) == []


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    made = tmp_path_factory.mktemp("shim") / "crash_when_told.so"
    source = pathlib.Path(__file__).with_name("crash_when_told.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True)
    return made


def test_a_crash_leaves_nothing_of_a_request(tmp_path, shim):
    """A fault with a request in hand, where the system would write a core file: no such file, no memory in the log."""
    unlimited = ["bash", "-c", 'ulimit -c unlimited; exec "$@"', "bash"]
    server = Storno(tmp_path, environment={"LD_PRELOAD": str(shim)}, wrapper=unlimited).start()
    try:
        key = server.key("collctiv")
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        body = f'crash-when-told "{Canaries().one("number")}"'
        begin = time.monotonic()
        with pytest.raises((http.client.HTTPException, ConnectionError, TimeoutError)):
            connection.request("POST", "/v1/refunds", body, {"Authorization": f"Bearer {key}"})
            connection.getresponse()
        assert server.process.wait(timeout=120) != 0
        took = time.monotonic() - begin
    finally:
        if server.process.poll() is None:
            server.kill()
    assert found(files(tmp_path, "data"), patterns()) == []
    assert not list(tmp_path.glob("core*"))
    # Whoever starts it again should not have to wait.
    assert took < 5
