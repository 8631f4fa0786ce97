"""A server with an account to walk on, and others beside it whose state must never change."""
import time
from collections import Counter

import list_pages
from ledger import LATEST_SECONDS, Ledger
from object_ids import number_of
from server import Storno
from vendor_apis import APIS, LISTS, Client, refund_call
from views import check_list, require

# How many examples share an account: keys are made by a command that costs a process each.
EXAMPLES_AN_ACCOUNT = 30


class Account:
    """An account in test mode: its keys, its books as they must be, and a pot for Collctiv's payments."""

    def __init__(self, server, name, client=Client):
        self.server, self.name = server, name
        self.keys = {api: server.key(api, "test", "--account", name) for api in APIS}
        self.second_key = server.key("cari", "test", "--account", name)
        self.client = client(server, self.keys)
        self.ledger = Ledger()
        self.examples = 0
        person = {"first_name": "A", "last_name": "B", "email": "a@example.com"}
        customer = self.client.ask("collctiv", "POST", "/v1/customers", person).json["id"]
        pot = {"name": "Pot", "currency": "GBP", "customer": customer}
        self.pot = self.client.ask("collctiv", "POST", "/v1/pots", pot).json["id"]


class Bystander:
    """Made once and then only read: every answer stays the same to the byte."""

    def __init__(self, client):
        self.client = client
        self.before = self.read(LISTS)

    def read(self, places):
        answers = {place: self.client.ask(place[0], "GET", LISTS[place][0]) for place in places}
        return {place: (answer.status, answer.body) for place, answer in answers.items()}

    def differences(self, places):
        return [place for place, answer in self.read(places).items() if answer != self.before[place]]


class Stage:
    def __init__(self, folder, client=Client):
        """- client: what the walker speaks through; another than `Client` to plant a fault between."""
        self.server = Storno(folder).start()
        self.walker = client
        self.accounts = []
        self.examples = self.calls = 0
        self.seen = Counter()
        neighbour = Account(self.server, "neighbour")
        self.neighbour = neighbour
        self.neighbour_payment, self.neighbour_refund = self.furnish(neighbour)
        self.live = {api: self.server.key(api, "live", "--account", "walked-0") for api in APIS}
        self.bystanders = [Bystander(neighbour.client), Bystander(Client(self.server, self.live))]

    def furnish(self, account):
        """A charge and a refund that moves no more, made with keys that every other account uses too."""
        ask = account.client.ask
        charge = {"amount": 900, "currency": "eur", "provider": "card", "card": {"token": "tok"}}
        payment = number_of(ask("cari", "POST", "/charges", charge, once="1-1").json["id"], "cari")
        path, body = refund_call("cari", payment, 300)
        refund = ask("cari", "POST", path, body, once="1-2").json["id"]
        assert ask("cari", "PUT", f"/refunds/{refund}", {"status": "canceled"}).status == 200
        return payment, number_of(refund, "cari")

    def account(self):
        """The account of the next example, on a server that runs also after an example that ended it."""
        if self.server.process.poll() is not None:
            self.server.start()
        if not self.accounts or self.accounts[-1].examples == EXAMPLES_AN_ACCOUNT:
            self.accounts.append(Account(self.server, f"walked-{len(self.accounts)}", self.walker))
        self.accounts[-1].examples += 1
        self.examples += 1
        return self.accounts[-1]

    def check_bystanders(self, places=LISTS):
        for bystander in self.bystanders:
            changed = bystander.differences(places)
            require(not changed, f"the lists {changed} of somebody else have changed")

    def check_lists(self, account, api, kind):
        """The whole list of one API, against all examples of the account."""
        expected = account.ledger.shown(api, kind)
        walked = list_pages.walk(account.client.ask, api, kind, 100, len(expected))
        check_list(api, kind, walked, expected if api == "stancer" else expected[::-1])

    def settle(self):
        """Waits until every refund that ends by itself has ended, and reads everything once more."""
        for account in self.accounts:
            deadline = time.monotonic() + LATEST_SECONDS
            while True:
                for place in LISTS:
                    self.check_lists(account, *place)
                still_open = [refund for refund in account.ledger.refunds if refund.story and not refund.end]
                if not still_open:
                    break
                require(time.monotonic() < deadline, f"they do not end: {still_open}")
                time.sleep(0.5)
        self.check_bystanders()
        self.server.verify()

    def close(self):
        if self.server.process.poll() is None:
            self.server.kill()
