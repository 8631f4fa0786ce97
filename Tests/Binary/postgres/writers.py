"""Clients who do not give up: each wish is asked again under its key until it is granted, wherever somebody answers."""
import threading
import time
import uuid

from traffic import Wish


class Unanswered(Exception):
    """Whether the wish was granted is not known: it may be asked again."""


# How long anything may stay without an answer.
PATIENCE_SECONDS = 90


def insist(ask, *wanted, unanswered=lambda: None):
    """What `ask` gives when somebody answers. - unanswered: is called each time nobody does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask(*wanted)
        except Unanswered:
            unanswered()
            assert time.monotonic() < deadline, f"no answer to {wanted} within {PATIENCE_SECONDS} s"
            time.sleep(0.02)


class Writers:
    """
    One thread a client. A client has `ask(wish)`, which gives what was granted or throws `Unanswered`, `holds(wish,
    granted)`, which says whether that is still there, and `close()`.
    """

    def __init__(self, clients, new_wish, pause=0):
        """
        - new_wish: makes a wish under a key of its own.
        - pause: how many seconds a client waits after each.
        """
        self.clients, self.new_wish, self.pause = clients, new_wish, pause
        self.granted = {}
        """What each wish was granted with."""
        self.moments = []
        """When wishes were granted (`time.monotonic`)."""
        self.unanswered = 0
        self.wrong = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(client,)) for client in clients]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        """No new wishes; returns when the last is granted."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        for client in self.clients:
            client.close()
        assert not self.wrong, self.wrong[:3]

    def work(self, client):
        try:
            while not self.stopping.is_set():
                self.insist(client, self.new_wish())
                self.stopping.wait(self.pause)
        except Exception as failure:
            self.wrong.append(failure)

    def insist(self, client, wish):
        granted = insist(client.ask, wish, unanswered=self.count)
        with self.lock:
            self.moments.append(time.monotonic())
            self.granted[wish] = granted

    def count(self):
        with self.lock:
            self.unanswered += 1

    def wait_for(self, count, seconds=60):
        """Until so many more wishes are granted."""
        wanted, deadline = len(self.moments) + count, time.monotonic() + seconds
        while len(self.moments) < wanted:
            assert time.monotonic() < deadline and not self.wrong, (len(self.moments), self.wrong[:3])
            time.sleep(0.01)

    def first_after(self, moment):
        """How many seconds after the moment the first wish was granted."""
        return min(granted for granted in self.moments if granted > moment) - moment

    def longest_silence(self, since, until):
        """The most seconds between these moments in which nobody was granted anything."""
        moments = [since, *sorted(moment for moment in self.moments if since < moment < until), until]
        return max(later - earlier for earlier, later in zip(moments, moments[1:]))


def lost(client, granted):
    """The wishes that were granted, of which nothing is there."""
    return [wish for wish, refund in granted.items() if not insist(client.holds, wish, refund)]


def doubled(client, granted):
    """The wishes that get something else when they are asked once more under their key."""
    return [wish for wish, refund in granted.items() if insist(client.ask, wish) != refund]


def wishes(chance, payments, apis):
    """Makes wishes. - chance: several threads share it, which `random.Random` allows."""

    def new_wish():
        key = str(uuid.UUID(int=chance.getrandbits(128)))
        return Wish(chance.choice(apis), chance.choice(payments), chance.randint(1, 90), key, None)

    return new_wish
