"""The strict reader takes exactly what Python's `json` takes, less a list of reasons, and reads the same values."""
import random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

import reference
from documents import DOCUMENTS, mutated
from lengths import length
from server import REPOSITORY
from verdicts import Reader

MUTATIONS = 31
"""Of each document that Hypothesis draws."""


@pytest.fixture(scope="module")
def reader():
    reader = Reader()
    yield reader
    reader.close()


def compare(document, verdict):
    """Fails where the two readers disagree. Tells whether ours takes the document."""
    written, reason = verdict
    try:
        expected = reference.read(document)
    except (ValueError, RecursionError) as error:
        assert written is None, f"{document!r} is taken, and Python says {error}"
        return False
    objections = reference.objections(expected)
    if reason is None:
        assert not objections, f"{document!r} is taken in spite of {objections}"
        assert reference.read(written) == expected, f"{document!r} reads as {written!r}"
        return True
    assert reason in objections, f"{document!r} is refused for {reason}, and not for one of {objections}"
    return False


def test_python_and_the_strict_reader_agree_on_documents_at_random(reader, measured):
    counts = {True: 0, False: 0}

    @seed(1)
    @settings(
        max_examples=length(20_000, 1_000_000) // (MUTATIONS + 1),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(DOCUMENTS, st.integers(0, 2**32))
    def agree(document, beginning):
        documents = [document] + [mutated(document, beginning + number) for number in range(MUTATIONS)]
        for document, verdict in zip(documents, reader.read_all(documents)):
            counts[compare(document, verdict)] += 1

    agree()
    measured(f"{sum(counts.values())} documents, {counts[True]} of them taken, 0 disagreements")
    assert min(counts.values()) > sum(counts.values()) / 20, "too few of one kind to say much"


def test_they_agree_on_what_the_fuzzer_kept(reader, measured):
    files = [file for kind in ("corpus", "found") for file in (REPOSITORY / "Tests/Fuzz" / kind).glob("json/*")]
    assert len(files) >= 20
    documents = [file.read_bytes() for file in files]
    taken = sum(compare(document, reader.read(document)) for document in documents)
    measured(f"{len(files)} documents, {taken} of them taken")


TAKEN = [
    b"{}", b"[]", b"null", b" true ", b"\t\n\rfalse", b'""', b"0", b"-0", b"-0.0", b"1.0", b"1e2", b"1E+2", b"1e999",
    b"9223372036854775807", b"9223372036854775808", b"-9223372036854775809", b"9" * 5000, b'"\\u0000"', b'"\\ud83d\\ude00"',
    b'"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"', b'"\x7f\xe2\x80\xa8"', b'"\\/"', b'{"":0}',
    b'{"\xc3\xa9":1,"e\xcc\x81":2}', b'{"a":{"a":1}}', b"[" * 64 + b"]" * 64, b'{"a":' * 63 + b"1" + b"}" * 63,
    b'"' + b"x" * 1_000_000 + b'"', b"[" + b"0," * 100_000 + b"0]", b"1" + b" " * 1_000_000,
]  # fmt: skip

REFUSED = [
    b"", b" ", b"[1,]", b'{"a":1,}', b"[,1]", b"[1,,2]", b"{,}", b"[1 2]", b'{"a" 1}', b'{"a":}', b'{"a":1 "b":2}',
    b"{a:1}", b"{1:1}", b"{null:1}", b"{'a':1}", b"[1]]", b"[1}", b"{]", b"[", b"{", b'{"a"', b'{"a":', b'"', b'"a',
    b"01", b"-01", b"00", b"1.", b".5", b"-.5", b"1.e1", b"1e", b"1e+", b"1e1.5", b"-", b"+1", b"--1", b"0x10", b"1_000",
    b"1 000", b"\xd9\xa1", b"nul", b"NULL", b"True", b"nulll", b"null null", b'"\t"', b'"\x00"', b'"\x1f"', b'"\n"',
    b'"\\x41"', b'"\\u12"', b'"\\u12G4"', b'"\\u+123"', b'"\\u 123"', b'"\\U00000041"', b'"\\"', b"\\u0031", b'"\\\n"',
    b'"\xff"', b'"\x80"', b'"\xc3"', b'"\xc0\xaf"', b'"\xe0\x80\xaf"', b'"\xf0\x80\x80\xaf"', b'"\xed\xa0\x80"',
    b'"\xf4\x90\x80\x80"', b'"\xf8\x88\x80\x80\x80"', b"\xff", b"\x00", b"1\x00", b"\xc2\xa01", b"\x0c1", b"\x0b1",
    b"\xe2\x80\xa81", b"// c\n1", b"/* c */1", b"# c\n1", b"{}{}", b'{"a":1}x', b"(1)", b"undefined", b"1;",
    b"\xfe\xff\x00[\x00]", b"[\x00]\x00", b'"' + b"x" * 1_000_000, b'"' + b"\\" * 999_999 + b'"',
]  # fmt: skip


@pytest.mark.parametrize("document", TAKEN, ids=lambda document: repr(document[:40]))
def test_taken_by_both(reader, document):
    assert compare(document, reader.read(document))


@pytest.mark.parametrize("document", REFUSED, ids=lambda document: repr(document[:40]))
def test_refused_by_both(reader, document):
    with pytest.raises(ValueError):
        reference.read(document)
    assert not compare(document, reader.read(document))


BEYOND_PYTHON = [
    (b'{"a":1,"a":2}', 'the member "a" twice'),
    (b'{"a":1,"\\u0061":1}', 'the member "a" twice'),
    (b'[{"b":{"":1,"":1}}]', 'the member "" twice'),
    (b"[" * 65 + b"]" * 65, reference.NESTING),
    (b'{"a":' * 64 + b"1" + b"}" * 64, reference.NESTING),
    (b'"\\ud800"', reference.SURROGATE),
    (b'"\\udc00"', reference.SURROGATE),
    (b'"\\ud800\\ud800"', reference.SURROGATE),
    (b'"\\udc00\\ud800"', reference.SURROGATE),
    (b'"\\ud800x"', reference.SURROGATE),
    (b'{"\\udfff":1}', reference.SURROGATE),
]  # fmt: skip


@pytest.mark.parametrize("document, reason", BEYOND_PYTHON, ids=lambda value: repr(value)[:40])
def test_refused_by_ours_alone(reader, document, reason):
    assert reference.objections(reference.read(document)) == {reason}
    assert reader.read(document) == (None, reason)


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
@pytest.mark.parametrize("around", [b"%s", b"[%s]", b'{"a":%s}'])
def test_constants_of_python_are_refused(reader, word, around):
    with pytest.raises(reference.Constant):
        reference.read(around % word)
    assert reader.read(around % word)[1] is not None


def test_a_byte_order_mark_is_refused(reader):
    assert reader.read(b"\xef\xbb\xbf{}") == (None, reference.BYTE_ORDER_MARK)
    assert reader.read(b" \xef\xbb\xbf{}")[1] == "something that is no value"


@pytest.mark.parametrize("opening, closing", [(b"[", b"]"), (b'{"a":', b"}")])
def test_deep_nesting_is_refused_and_ends_nothing(reader, opening, closing):
    for depth in (66, 1000, 100_000):
        assert reader.read(opening * depth + closing * depth) == (None, reference.NESTING)
        assert reader.read(opening * depth) == (None, reference.NESTING)


def test_a_reader_that_is_too_kind_or_too_harsh_is_noticed():
    """The comparison itself: wrong verdicts fail."""
    for document in (b'{"a":1,}', b'{"a":1,"a":1}', b'{"a":2}', b'{"a":1.0}', b'{"a":"1"}', b'{"a":NaN}', b"[" * 100):
        with pytest.raises(AssertionError):
            compare(document, (b'{"a":1}', None))
    with pytest.raises(AssertionError):
        compare(b"{}", (None, "something that is no value"))
    assert mutated(b'{"a":[1,2]}', 3) == mutated(b'{"a":[1,2]}', 3)
    assert len({mutated(b'{"a":[1,2]}', random.Random(number).random()) for number in range(50)}) > 25
