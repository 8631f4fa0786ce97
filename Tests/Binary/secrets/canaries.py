"""Canaries: made-up card numbers, addresses, names … that nobody else writes, and how to find them again.

Every canary holds one of a few marks, so that a search for the marks finds all of them, in whatever encoding.
"""
import base64
import functools
import hashlib
import urllib.parse

# In every text, e-mail address, name and IBAN.
WORD = "qzj7kq"
# In every telephone number.
PHONE = "73105426"
# All but the last digits of the card numbers, one for each scheme: 15 to 19 digits with serial and check digit.
CARDS = {
    "visa": "471652839164",
    "mastercard": "545301928374",
    "amex": "37461082935",
    "discover": "601172839405",
    "jcb": "353804719283",
    "maestro": "676307182",
    "long maestro": "676349081726354",
}
# The same for numbers that are sent as the number of a card, where they belong.
NUMBER = "432187650912"
# The code on a card's back, which is too short to be searched for by itself: how often it stands somewhere is counted.
CODE = "837"

KINDS = ["text", "email", "name", "phone", "iban", "key", "card", "spaced card", "dashed card"]
CARD_KINDS = ["card", "spaced card", "dashed card"]
MARKS = {"word": [WORD], "phone": [PHONE], "card": list(CARDS.values()), "number": [NUMBER]}


class Canaries:
    """Makes them, each different from the others."""

    def __init__(self):
        self.made = 0

    def one(self, kind):
        self.made += 1
        serial = self.made
        if kind == "number":
            return checked(NUMBER + f"{serial % 1000:03}")
        if kind in CARD_KINDS:
            digits = card_number(serial)
            return {"card": digits, "spaced card": grouped(digits, " "), "dashed card": grouped(digits, "-")}[kind]
        return {
            # Short enough for the shortest text that any API takes.
            "text": WORD + base36(serial % 1296, 2),
            "email": f"{WORD}{serial}@mail.example",
            "name": f"Zofia {WORD.title()}{serial}",
            "phone": f"+49{PHONE}{serial % 100_000:05}",
            "iban": iban(serial),
            # A wrong key with the right beginning.
            "key": f"clv_test_{WORD}" + base36(serial, 26),
        }[kind]


def card_number(serial):
    """Rotates through the schemes; passes the Luhn check."""
    start = list(CARDS.values())[serial % len(CARDS)]
    length = 15 if len(start) == 11 else 19 if len(start) == 15 else 16
    digits = start + str(serial // len(CARDS) % 1000).zfill(3)
    return checked(digits + "0" * (length - 1 - len(digits)))


def checked(digits):
    """With the digit that makes them pass the Luhn check."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return digits + str(-sum(number - 9 if number > 9 else number for number in doubled) % 10)


def grouped(digits, separator):
    """As people write it: 4-6-5 on cards of 15 digits, fours on the others."""
    if len(digits) == 15:
        return separator.join([digits[:4], digits[4:10], digits[10:]])
    return separator.join(digits[at : at + 4] for at in range(0, len(digits), 4))


def iban(serial):
    """Malta's have letters enough for the mark."""
    account = f"MALT01100{WORD.upper()}{serial:012}"
    number = "".join(str(int(character, 36)) for character in account + "MT00")
    return f"MT{98 - int(number) % 97:02}{account}"


def base36(number, length):
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + text
    return text.zfill(length)


@functools.cache
def patterns(*kinds):
    """What to search for to find every canary of the kinds of mark, or of all: {bytes: what they are}."""
    found = {}
    for kind in kinds or MARKS:
        for mark in MARKS[kind]:
            written = {mark, mark.upper(), mark.title()}
            if kind in ("card", "number"):
                written |= {grouped_start(mark, " "), grouped_start(mark, "-"), grouped_start(mark, "+")}
            for text in written:
                found |= encodings(text)
    return found


def grouped_start(start, separator):
    digits = start + "0" * (15 - len(start) if len(start) == 11 else 19 - len(start))
    return grouped(digits, separator)[: len(start) + len(start) // 5]


def encodings(text):
    """The ways in which a text may stand in a file: {bytes: which}."""
    plain = text.encode()
    return (
        {part: f"{text} in base64" for part in base64_inside(plain)}
        | {
            text.encode("utf-16-le"): f"{text} in UTF-16",
            text.encode("utf-16-be"): f"{text} in UTF-16",
            plain.hex().encode(): f"{text} in hexadecimal",
            plain.hex().upper().encode(): f"{text} in hexadecimal",
            plain.hex(" ").encode(): f"{text} in a memory dump",
            urllib.parse.quote(text).encode(): f"{text} in percent-encoding",
            "".join(f"%{byte:02x}" for byte in plain).encode(): f"{text} in percent-encoding",
            "".join(f"%{byte:02X}" for byte in plain).encode(): f"{text} in percent-encoding",
            "".join(f"\\u{byte:04x}" for byte in plain).encode(): f"{text} in JSON escapes",
        }
        # Last: some texts are the same in percent-encoding.
        | {plain: text}
    )


def base64_inside(plain):
    """What of the base64 of a longer text, that holds this one anywhere, is always the same."""
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + plain)
        begin = -(-offset * 8 // 6)
        end = (offset + len(plain)) * 8 // 6
        part = whole[begin:end]
        yield part
        yield part.translate(bytes.maketrans(b"+/", b"-_"))


def digests(text):
    """Digests that anybody can compute, and so find a card or an address again by trying all: {bytes: which}."""
    found = {}
    for name in ["md5", "sha1", "sha256", "sha512"]:
        digest = hashlib.new(name, text.encode()).digest()
        # Long enough to be no accident; columns may hold the beginning alone.
        found |= {digest[:12]: f"{name} of {text}", digest.hex()[:24].encode(): f"{name} of {text}"}
    return found
