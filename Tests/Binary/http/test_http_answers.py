"""What answers look like on the wire, in HTTP/1.0, HTTP/1.1 and HTTP/2."""
import json
import ssl

import httpx
import pytest
import requests

from raw_http import Wire
from refund_merchant import keyed_get

DIALECTS = {"cari": "/cari/refunds", "collctiv": "/collctiv/v1/refunds", "stancer": "/stancer/v1/refunds/"}


def exchange(server, *segments, deadline=5):
    with Wire(server.port, deadline) as wire:
        wire.send(*segments)
        return wire.answer()


def credentials(dialect, key):
    return {"auth": (key, "")} if dialect == "stancer" else {"headers": {"Authorization": f"Bearer {key}"}}


def message(dialect, answer):
    """The text of an error in its API's form, which this checks."""
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    if dialect == "stancer":
        assert body["error"]["type"] == "invalid_request_error" and set(body) == {"error"}
        return body["error"]["message"]
    assert body["type"] == "invalid_request" and body["code"] == answer.status_code
    return body["message"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_refusals_have_the_form_of_their_api(storno, dialect):
    path = DIALECTS[dialect]
    known = credentials(dialect, storno.key(dialect))
    unknown = requests.get(f"{storno.url}/{dialect}/v1/nothing/here", **known)
    assert unknown.status_code == 404 and message(dialect, unknown)
    method = requests.patch(f"{storno.url}{path}", **known)
    assert method.status_code == 405 and message(dialect, method)
    assert set(method.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    long = requests.post(f"{storno.url}{path}", data=65_537 * b" ", **known)
    assert long.status_code == 413 and message(dialect, long)
    nobody = requests.get(f"{storno.url}{path}")
    assert nobody.status_code == 401 and message(dialect, nobody)
    assert nobody.headers["WWW-Authenticate"].startswith("Basic" if dialect == "stancer" else "Bearer")
    homeless = exchange(storno, f"GET {path} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".encode())
    assert homeless.status == 400 and b"Host" in homeless.body
    assert json.loads(homeless.body)


def test_every_answer_names_its_request(storno):
    named = exchange(storno, keyed_get("/v1/refunds", "clv_test_unknown"))
    assert named.status == 401
    assert len(named.values("Request-Id")) == 1 and named.values("Request-Id")[0].startswith("req_")


def test_a_body_above_64_kB_is_413_and_the_server_goes_on(storno):
    key = storno.key("cari")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for size, code in [(64 * 1024 + 1, 413), (64 * 1024, 400)]:
        answer = requests.post(f"{storno.url}/charges", headers=headers, data=b" " * size)
        assert answer.status_code == code
    pieces = (b" " * 1024 for _ in range(65))
    assert requests.post(f"{storno.url}/charges", headers=headers, data=pieces).status_code == 413


def test_a_client_that_expects_100_continue_is_told_to_go_on(storno):
    head = f"POST /charges HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {storno.key('cari')}\r\n"
    with Wire(storno.port) as wire:
        wire.send(f"{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n".encode())
        assert wire.response(is_head=False).status == 100
        wire.send(b"{}")
        assert wire.answer().status == 400


def test_a_client_that_expects_100_continue_without_a_key_is_refused_at_once(storno):
    head = "POST /charges HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert exchange(storno, head.encode()).status == 401


@pytest.mark.parametrize("path", ["/charges", "/charges?page=1", "/refunds"])
def test_head_says_of_a_list_what_get_says(storno, path):
    """RFC 9110, 8.6: a Content-Length is that of GET, or absent."""
    key = storno.key("cari")
    headers = {"Authorization": f"Bearer {key}"}
    charge = {"amount": 1000, "currency": "usd", "provider": "card", "card": {"token": "card_token"}}
    assert requests.post(f"{storno.url}/charges", headers=headers, json=charge).status_code == 200
    body = exchange(storno, keyed_get(path, key)).body
    with Wire(storno.port) as wire:
        wire.send(keyed_get(path, key).replace(b"GET", b"HEAD", 1))
        head = wire.answer(is_head=True)
        assert head.status == 200
        assert head.values("Content-Length") in ([], [str(len(body))])
        # Nothing follows the head but the next answer.
        wire.send(keyed_get("/refunds/re_nothing", key))
        assert wire.answer().status == 404


def test_http_1_0_gets_no_chunks(storno):
    """RFC 9112, 6.1: such a client knows no chunks, it reads until the connection's end."""
    request = keyed_get("/charges", storno.key("cari")).replace(b"HTTP/1.1", b"HTTP/1.0")
    with Wire(storno.port) as wire:
        wire.send(request)
        answer = wire.answer()
        assert answer.status == 200
        assert answer.values("Transfer-Encoding") == []
        assert json.loads(answer.body) == []
        assert wire.answer() is None


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:8080", "api.cari.finance"])
def test_any_valid_host_is_let_in(storno, host):
    assert exchange(storno, f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()).status == 200


def test_http_1_and_2_over_tls_and_nothing_else_on_that_port(storno_tls):
    trust = ssl.create_default_context(cafile=storno_tls.authority)
    headers = {"Authorization": f"Bearer {storno_tls.key('cari')}"}
    for version, options in {"HTTP/1.1": {}, "HTTP/2": {"http2": True}}.items():
        with httpx.Client(verify=trust, **options) as client:
            answer = client.get(f"{storno_tls.url}/healthz")
            assert (answer.status_code, answer.http_version) == (200, version)
            answers = [client.get(f"{storno_tls.url}/charges", headers=headers) for _ in range(5)]
            assert [answer.json() for answer in answers] == 5 * [[]]
    with Wire(storno_tls.port) as wire:
        wire.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        wire.end_sending()
        assert b"HTTP" not in wire.rest()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_old_versions_of_tls_are_refused(storno_tls, version):
    context = ssl.create_default_context(cafile=storno_tls.authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with Wire(storno_tls.port) as wire, pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        context.wrap_socket(wire.socket, server_hostname="localhost")


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /storno/v1/refunds HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /storno/v1/refunds HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://elsewhere/storno/v1/refunds HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer storno_test_x\r\n\r\n",
    ],
    ids=["another coding", "chunks in HTTP/1.0", "another authority"],
)
def test_what_cannot_be_read_to_its_end_is_a_problem_too(storno, request_text):
    with Wire(storno.port) as wire:
        wire.send(request_text)
        answer = wire.answer()
        assert answer.status == 400
        assert answer.values("Content-Type") == ["application/problem+json"]
        problem = json.loads(answer.body)
        assert (problem["code"], problem["status"]) == ("malformed_request", 400)
        assert wire.answer() is None, "the connection ends with it"
