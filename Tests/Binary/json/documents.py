"""Documents for a JSON reader: valid ones in odd clothes, and what becomes of them when bytes go wrong."""
import random

from hypothesis import strategies as st

BLANKS = st.text(" \t\n\r", max_size=2)
ESCAPES = ['\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u00e9", "\\uD83D\\uDE00", "\\ud800"]
CHARACTERS = st.one_of(
    st.sampled_from("abAB01 /{}[]:,'\u00e9\u0301\u007f\u2028\ufeff\U0001f600"),
    st.sampled_from(ESCAPES),
    st.characters(min_codepoint=0x20, exclude_characters='"\\', exclude_categories=["Cs"]),
)
STRINGS = st.lists(CHARACTERS, max_size=6).map(lambda parts: f'"{"".join(parts)}"')
NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(["0", "-0", "0.0", "1e2", "1E-2", "1.5e+3", "9223372036854775807", "9223372036854775808", "1e999"]),
    st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,5})?([eE][-+]?[0-9]{1,4})?", fullmatch=True),
)
WORDS = st.sampled_from(["null", "true", "false"])


def _padded(token):
    return st.tuples(BLANKS, token, BLANKS).map("".join)


def _container(item):
    item = _padded(item)
    member = st.tuples(_padded(STRINGS), item).map(":".join)
    return st.one_of(
        st.lists(item, max_size=4).map(lambda items: f"[{','.join(items)}]"),
        st.lists(member, max_size=4).map(lambda members: f"{{{','.join(members)}}}"),
    )


DOCUMENTS = _padded(st.recursive(st.one_of(NUMBERS, STRINGS, WORDS), _container, max_leaves=8)).map(str.encode)

SPLINTERS = [
    b'"', b"\\", b"{", b"}", b"[", b"]", b":", b",", b"-", b"+", b".", b"e", b"0", b"1", b"\x00", b"\x1f", b"\x7f", b" ",
    b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xef\xbb\xbf", b"\\ud800", b"\\u12", b"NaN",
    b"null", b"true", b"//", b"/**/", b"'", b'"a":1', b",,", b"[[", b"\xc2\xa0",
]


def mutated(document, seed):
    """The document with one or two things done to its bytes; the same for the same seed."""
    chance = random.Random(seed)
    changed = bytearray(document)
    for _ in range(chance.randint(1, 2)):
        place = chance.randint(0, len(changed))
        end = min(len(changed), place + chance.randint(1, 4))
        match chance.randint(0, 5):
            case 0:
                changed[place:end] = b""
            case 1:
                changed[place:place] = changed[place:end]
            case 2:
                changed[place:place] = chance.choice(SPLINTERS)
            case 3:
                changed[place:end] = chance.choice(SPLINTERS)
            case 4 if place < len(changed):
                changed[place] ^= 1 << chance.randint(0, 7)
            case 5:
                changed[place:place] = chance.choice([b" ", b"\t", b"\n", b"\r"])
    return bytes(changed)
