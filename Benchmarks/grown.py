"""Servers whose books hold so many refunds, filled by `fill.py`."""
import random
import sqlite3

from fill import fill
from object_ids import spelled
from server import BINARY
from shops import WINDOW, Node, Shop

#: Of the ids that clients draw from.
SAMPLE = 100_000


def open_grown(folder, refunds, is_filled=False):
    """
    - is_filled: whether the folder has them already.
    """
    if not is_filled:
        fill(BINARY, folder, refunds)
    node = Node(folder)
    key = node.key("storno")
    node.command("accounts", "set", "main", f"undo_window_seconds={WINDOW}", "--database", node.database)
    lists = {}
    for kind, numbers in zip(("payment", "refund"), sample(folder / "storno.sqlite"), strict=True):
        lists[kind] = folder / f"{kind}.txt"
        lists[kind].write_text("".join(spelled.__wrapped__(number, "storno", kind) + "\n" for number in numbers))
    return Shop([node.start()], {"storno": key}, lists)


def sample(path):
    """Payments from all over the books, and of each some of its refunds."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    every = [id for (id,) in database.execute("SELECT id FROM payment INDEXED BY payment_by_customer WHERE customer > x''")]
    payments = random.Random(1).sample(every, min(len(every), SAMPLE))
    refunds = []
    for payment in payments:
        rows = database.execute("SELECT id FROM refund WHERE book = 1 AND payment = ? LIMIT ?", (payment, 10))
        refunds += [id for (id,) in rows]
        if len(refunds) >= SAMPLE:
            break
    database.close()
    return [[int.from_bytes(id, "big") for id in ids] for ids in (payments, refunds)]
