"""Canaries through every field of every route: where they are found afterwards, and where they must not be.

No card number may be kept anywhere, nor a card's code or a key. Personal texts are sealed. What merchants choose stands
in the columns that are declared here, under the names of the fields that go there, and nowhere else: not in the log,
not in events or in the journal.
"""
import base64
import json
import re
import sqlite3

import pytest

from accounts import LARGE, Account
from canaries import CARD_KINDS, CODE, Canaries, digests, encodings, patterns
from declared_routes import declared_routes
from hiding_places import Place, blanked, columns, copies, files, found, process
from lengths import length
from seals import Seals
from server import Storno
from canary_requests import Traffic

# What is personal by its field - names, addresses, telephone numbers, what people wrote - and every kept answer is sealed
# (these columns). Which fields' texts other columns keep, in clear, stands below: references and metadata, by which
# merchants find their objects again. A column that is in neither keeps nothing of what a request says.
SEALED = {"person.sealed", "note.sealed", "answer.body", "webhook_endpoint.sealed"}
CHOSEN_BY_MERCHANTS = {
    "customer.external_reference": {"external_id", "external_reference"},
    "customer.metadata": {"metadata"},
    "card.external_reference": {"external_id"},
    "pot.name": {"name"},
    "api_key.label": {"name"},
    "pot.metadata": {"metadata"},
    "payment.order_reference": {"order_id", "order_reference"},
    "payment.unique_reference": {"unique_id", "reference"},
    "payment.metadata": {"metadata"},
    "refund.metadata": {"metadata"},
    "refund.reason_code": {"code", "reason"},
    "facet.body": {"return_url"},
    "idempotency.key": {"Idempotency-Key"},
    "answer.key": {"Idempotency-Key"},
}
# Where the words of those are once more, so that they are found; the last two in SQLite's own form.
SEARCHED = {"search_entry.terms", "search_index.terms", "search_index_data.block", "search_index_idx.term"}
# What operators and programs copy from a processor, to find it there again.
REFERENCES = {
    "payment.connector_account": {"processor_account"},
    "payment.processor_reference": {"processor_reference"},
    "capture.reference": {"processor_reference"},
    "dispute.reference": {"--reference"},
    "dispute.response": {"--response"},
    "refund.processor_reference": {"--reference"},
    "evidence.processor_reference": {"--reference"},
    "event.part": {"--reference"},
}
DECLARED = CHOSEN_BY_MERCHANTS | REFERENCES


class Sweep:
    """One life of a server: all the traffic, and everything that it left behind at three moments."""

    def __init__(self, folder, level):
        self.folder, self.level = folder, level
        self.temporary, self.data, self.copies = (folder / name for name in ["temporary", "data", "copies"])
        for path in [self.temporary, self.data, self.copies]:
            path.mkdir()
        environment = {"STORNO_LOG_LEVEL": level} if level else {}
        self.server = Storno(self.data, environment=environment | {"TMPDIR": str(self.temporary)}).start()
        self.server.command("accounts", "create", "mine", "--database", self.server.database)
        # Refunds can be withdrawn for as long as this takes.
        settings = ["undo_window_seconds=86400", f"approval_above={LARGE - 1}"]
        self.server.command("accounts", "set", "mine", *settings, "--database", self.server.database)
        self.canaries = Canaries()
        self.account, self.other = Account(self.server, "mine"), Account(self.server, "theirs")
        self.accounts = [self.account, Account(self.server, "mine", "live")]
        self.traffic = Traffic(self.account, self.canaries)
        self.operated = []
        self.places = []

    def run(self):
        routes = declared_routes()
        self.other.objects()
        self.traffic.send_all(routes)
        self.send_live()
        self.operate()
        self.told_others = self.ask_as_others()
        self.look("running", process(self.server.process.pid), self.copied())
        self.server.kill()
        self.look("killed", files(self.data, "data"), files(self.temporary, "temporary"))
        self.server.start()
        assert self.server.stop() == 0
        self.look("stopped", files(self.data, "data"), files(self.temporary, "temporary"), self.copied())
        self.database = self.copies / "backup.sqlite"
        return self

    def send_live(self):
        """The same texts with keys of live mode, where payments are refused."""
        live = self.accounts[1]
        for sent in self.traffic.sent[:: length(40, 5)]:
            live.send(sent.route.dialect, sent.method, sent.target.removeprefix(f"/{sent.route.dialect}"), sent.body)

    def look(self, when, *found):
        for places in found:
            self.places += [Place(f"{when}: {place.name}", place.content) for place in places]

    def copied(self):
        for how, copy in copies(self.data / "storno.sqlite", self.copies).items():
            yield Place(f"a copy: {how}", copy.read_bytes())

    def operate(self):
        """What people type at the command line."""
        location = ["--database", self.server.database]
        self.server.command("accounts", "set", "mine", "approval_above=0", *location)
        objects = self.account.objects()["collctiv"]
        for option, command in [
            ("--note", ["refunds", "reject", ""]),
            ("--reference", ["external", "add", objects["payment"], "5", "--mode", "test", "--account", "mine"]),
            ("--reference", ["disputes", "open", objects["payment"], "5", "--mode", "test", "--account", "mine"]),
            ("--response", ["disputes", "open", objects["payment"], "5", "--mode", "test", "--account", "mine"]),
            ("key", ["keys", "revoke"]),
            ("setting", ["accounts", "set", "mine"]),
        ]:
            for kind in ["text", "email", *CARD_KINDS]:
                canary = self.canaries.one(kind)
                if option == "--note":
                    # Each can be rejected once.
                    command[2] = self.account.objects()["collctiv"]["refund"]
                words = {"key": [canary], "setting": [f"undo_window_seconds={canary}"]}.get(option, [option, canary])
                self.server.command(*command, *words, *location, check=False)
                self.operated.append((canary, option))

    def ask_as_others(self):
        """Everything that another account can read, and what it is told when it asks for the same things."""
        answers = []
        for path in ["/cari/charges", "/cari/refunds", "/collctiv/v1/refunds", "/collctiv/v1/payments"]:
            answers.append(self.other.send(path.split("/")[1], "GET", "/" + path.split("/", 2)[2]))
        for name in ["pots", "customers"]:
            answers.append(self.other.send("collctiv", "GET", f"/v1/{name}?limit=100"))
        for name in ["refunds", "checkout", "customers", "cards", "disputes"]:
            answers.append(self.other.send("stancer", "GET", f"/v1/{name}/?limit=100"))
        for dialect, ids in self.traffic.objects.items():
            for kind, text in ids.items():
                path = "" if dialect == "cari" else "/v1"
                for collection in ["charges", "refunds", "payments", "pots", "customers", "checkout", "cards", "disputes", "events", "webhook_endpoints", "deliveries"]:
                    answers.append(self.other.send(dialect, "GET", f"{path}/{collection}/{text}"))
        keys = [
            sent.headers["Idempotency-Key"]
            for sent in self.sent
            if sent.status < 300 and "Idempotency-Key" in sent.headers
        ]
        body = {"first_name": "A", "last_name": "B", "email": "a@example.com"}
        for key in keys[:50]:
            answers.append(self.other.send("collctiv", "POST", "/v1/customers", body, **{"Idempotency-Key": key}))
        return [Place(f"an answer to others: {answer.status}", answer.everything) for answer in answers]

    @property
    def sent(self):
        return self.traffic.sent

    def logs_and_the_like(self):
        """Everything but the database and what is kept beside it."""
        return [place for place in self.places if not re.search("storno.sqlite|a copy", place.name)]


def swept(factory, level):
    sweep = Sweep(factory.mktemp("sweep"), level)
    yield sweep.run()
    if sweep.server.process.poll() is None:
        sweep.server.kill()


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """At the log level that nobody chose."""
    yield from swept(tmp_path_factory, "")


@pytest.fixture(scope="module")
def talkative(tmp_path_factory):
    yield from swept(tmp_path_factory, "trace")


def test_every_declared_column_was_reached(sweep, measured):
    """Canaries came through: each column that may keep some does, and each route took some and refused some."""
    marks = patterns()
    reached = {name for name, values in columns(sweep.database) if any(mark in b"\0".join(values) for mark in marks)}
    assert set(DECLARED) <= reached
    for route in declared_routes():
        statuses = {sent.status for sent in sweep.sent if sent.route == route}
        assert {status for status in statuses if status >= 400}, route
        # A stream is asked for in a form of its own: without it there is none.
        is_exempt = "payouts" in route.path or route.path.endswith("/stream")
        assert is_exempt or {status for status in statuses if status < 300}, route
    taken = sum(sent.status < 300 for sent in sweep.sent)
    size = sum(len(place.content) for place in sweep.places)
    measured(f"{len(sweep.sent)} requests, {taken} of them valid; {len(sweep.places)} places, {size >> 20} MB searched")


@pytest.mark.parametrize("level", ["sweep", "talkative"])
def test_nothing_that_was_sent_is_in_the_log_or_shows_outside(request, level):
    """Log, temporary files, command line and environment."""
    places = request.getfixturevalue(level).logs_and_the_like()
    names = " ".join(place.name for place in places)
    assert all(name in names for name in ["server.log", "/proc/PID/cmdline", "/proc/PID/environ"])
    assert found(places, patterns()) == []


def test_the_number_of_a_card_is_kept_nowhere(sweep):
    """Of a number that was sent as a card's only its last four digits and a keyed digest stay, and no plain digest."""
    assert found(sweep.places, patterns("number")) == []
    numbers = {sent.canary for sent in sweep.sent if sent.place.endswith("number") and sent.status < 300}
    assert numbers
    plain = {}
    for number in sorted(numbers)[: length(4, 40)]:
        plain |= digests(number)
    assert found(sweep.places, plain) == []


def test_the_code_of_a_card_is_kept_nowhere(sweep):
    sent = [
        sent for sent in sweep.sent if sent.status < 300 and f'"cvc": "{CODE}"' in json.dumps(sent.body, default=str)
    ]
    # Numbers and dates have these digits by accident, now and then.
    values = [
        value for _, column in columns(sweep.database) for value in column if not value.isdigit() or len(value) < 5
    ]
    assert len(sent) > 60
    assert b'"cvc"' not in b"\0".join(values)
    assert b"\0".join(values).count(CODE.encode()) < len(sent)


def test_a_card_number_in_any_other_text_is_refused_or_not_kept(sweep):
    """With and without blanks or dashes, of each scheme."""
    marks = patterns("card")
    kept = sorted(name for name, values in columns(sweep.database) if any(mark in b"\0".join(values) for mark in marks))
    assert kept == []
    assert found(sweep.places, marks) == []


def test_no_key_is_kept(sweep):
    """Of any API, test or live: a key is shown once and its hash stays."""
    keys = {}
    for account in [*sweep.accounts, sweep.other]:
        for key in account.keys.values():
            keys |= encodings(key.split("_")[-1])
        for webhook in account.secrets:
            keys |= encodings(webhook) | {base64.b64decode(webhook): "the secret of a webhook endpoint"}
    assert sweep.account.secrets
    secret = (sweep.data / "storno.key").read_text().strip()
    keys |= encodings(secret)
    places = [place for place in sweep.places if not place.name.endswith("storno.key")]
    assert found(places, keys) == []


def test_texts_stand_in_clear_where_it_is_declared_and_nowhere_else(sweep):
    fields = {}
    for sent in sweep.sent:
        if sent.status < 300:
            place = sent.place.removeprefix("kept answer: ")
            fields.setdefault(sent.canary, set()).add("metadata" if "metadata" in place else place.split(".")[-1])
    for canary, option in sweep.operated:
        fields.setdefault(canary, set()).add(option)
    wrong = []
    marks = list(patterns("word", "phone"))
    for name, values in columns(sweep.database):
        for value in values if name not in SEARCHED else []:
            if not any(mark in value for mark in marks):
                continue
            here = {field for canary, names in fields.items() if canary.encode() in value for field in names}
            allowed = DECLARED.get(name, set())
            if not allowed & here:
                wrong.append(f"{name} keeps {value[:80]!r}, sent as {sorted(here)}")
    assert wrong == []


def test_the_search_knows_only_words_that_stand_in_clear_anyway(sweep):
    clear, terms = set(), set()
    for name, values in columns(sweep.database):
        if name in DECLARED:
            clear.update(value.decode().lower() for value in values)
        elif name == "search_entry.terms":
            terms.update(term for value in values for term in value.decode().split(" "))
    marks = list(patterns("word", "phone"))
    marked = {term.split("_", 2)[2] for term in terms if any(mark in term.encode() for mark in marks)}
    assert len(marked) > 20
    assert [word for word in marked if not any(word in text for text in clear)] == []


def test_what_is_sealed_opens_with_the_key_alone(sweep):
    """By another implementation: every sealed column holds what was sent, and no value is kept twice the same."""
    seals = Seals(sweep.data / "storno.key")
    with sqlite3.connect(sweep.database) as database:
        persons = database.execute("SELECT book, id, sealed FROM person").fetchall()
        notes = database.execute("SELECT book, object, name, sealed FROM note").fetchall()
        answers = database.execute("SELECT book, key, body FROM answer").fetchall()
        webhooks = database.execute("SELECT book, id, sealed FROM webhook_endpoint").fetchall()
    database.close()
    opened = {
        "person.sealed": [json.dumps(seals.person(*row)).encode() for row in persons],
        "note.sealed": [seals.note(*row).encode() for row in notes],
        "answer.body": [seals.answer(*row) for row in answers],
        "webhook_endpoint.sealed": [json.dumps(seals.webhook(*row)).encode() for row in webhooks],
    }
    marks = list(patterns("word", "phone"))
    assert {name for name, texts in opened.items() if any(mark in b"\0".join(texts) for mark in marks)} == SEALED
    sealed = [row[-1] for row in persons + notes + answers + webhooks]
    assert len(set(sealed)) == len(sealed) > 100


def test_without_the_declared_columns_nothing_is_left_in_the_database(sweep):
    """Not in an index, nor in a page that was given up."""
    copy = sweep.copies / "blanked.sqlite"
    # What SQLite shows as the index's own column is that of the entries.
    blanked(sweep.data / "storno.sqlite", [*DECLARED, *sorted(SEARCHED - {"search_index.terms"})], copy)
    assert found([Place("without the declared columns", copy.read_bytes())], patterns()) == []


def test_other_accounts_are_told_nothing(sweep):
    assert len(sweep.told_others) > 50
    assert found(sweep.told_others, patterns()) == []
