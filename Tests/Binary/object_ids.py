"""One object's id as each API writes it: the same 128 bits in three alphabets, read back without a table."""
import functools
import string
import uuid

PREFIXES = {
    "cari": {"payment": "ch_", "refund": "re_"},
    "collctiv": {"payment": "", "refund": ""},
    "stancer": {"payment": "paym_", "refund": "refd_"},
    "storno": {"payment": "pay_", "refund": "ref_"},
}
ALPHABETS = {
    "cari": (string.digits + string.ascii_lowercase, 25),
    "stancer": (string.digits + string.ascii_uppercase + string.ascii_lowercase, 24),
    "storno": (string.digits + string.ascii_lowercase, 25),
}


@functools.cache
def spelled(number, api, kind):
    """The id of the `kind` of object with this number as `api` writes it."""
    if api == "collctiv":
        return str(uuid.UUID(int=number))
    alphabet, length = ALPHABETS[api]
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(alphabet))
        digits = alphabet[digit] + digits
    return PREFIXES[api][kind] + digits


@functools.cache
def number_of(text, api):
    if api == "collctiv":
        return uuid.UUID(text).int
    alphabet, length = ALPHABETS[api]
    digits = text.split("_", 1)[1]
    assert len(digits) == length, text
    number = 0
    for digit in digits:
        number = number * len(alphabet) + alphabet.index(digit)
    return number
