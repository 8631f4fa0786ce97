"""What Python's reader makes of a document, and the reasons why ours refuses more."""
import json
import re
from dataclasses import dataclass

DEEPEST = 64
NESTING = f"more than {DEEPEST} levels of nesting"
SURROGATE = "half of a surrogate pair"
BYTE_ORDER_MARK = "a byte order mark"


@dataclass(frozen=True)
class Number:
    """A number keeps its token: `1.0` and `1` are not the same."""

    token: str


@dataclass(frozen=True)
class Object:
    """Members in their order; a name may stand there twice."""

    members: tuple


class Constant(ValueError):
    """`NaN`, `Infinity` or `-Infinity`, which Python takes and JSON does not have."""


def _constant(word):
    raise Constant(word)


_decoder = json.JSONDecoder(
    parse_int=Number,
    parse_float=Number,
    parse_constant=_constant,
    object_pairs_hook=lambda pairs: Object(tuple(pairs)),
)


def read(document):
    """The value, or `ValueError` for what is no JSON, or `RecursionError` for what is too deep for Python as well."""
    text = document.decode("utf-8")
    if text.startswith("\ufeff"):
        raise ValueError(BYTE_ORDER_MARK)
    return _decoder.decode(text)


def objections(value):
    """Why our reader refuses a document that Python reads: our strictness beyond Python's, all of it."""
    found = set()
    _object_to(value, 1, found)
    return found


def _object_to(value, depth, found):
    if depth > DEEPEST:
        found.add(NESTING)
        return
    if isinstance(value, str):
        if re.search("[\ud800-\udfff]", value):
            found.add(SURROGATE)
    elif isinstance(value, list):
        for item in value:
            _object_to(item, depth + 1, found)
    elif isinstance(value, Object):
        names = [name for name, _ in value.members]
        for name in names:
            _object_to(name, depth, found)
            if names.count(name) > 1:
                found.add(f'the member "{name}" twice')
        for _, item in value.members:
            _object_to(item, depth + 1, found)
