"""What a server tells of its work is right, is what Prometheus' own checker takes, and is not on the public port."""
import re
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from postgres_server import free_port
from server import Storno


@pytest.fixture
def watched(tmp_path):
    port = free_port()
    with Storno(tmp_path, arguments=["--demo", "--metrics-port", str(port)]).start() as server:
        server.metrics = f"http://127.0.0.1:{port}/metrics"
        yield server


def test_only_the_address_of_the_apis_is_greeted(watched):
    log = (watched.folder / "server.log").read_text()
    assert log.count("Storno runs at ") == 1
    assert f"Storno runs at http://127.0.0.1:{watched.port} with a demo" in log


def figures(server):
    """{series as it is written: its value}"""
    with urllib.request.urlopen(server.metrics, timeout=10) as answer:
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        text = answer.read().decode()
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return {name: float(value) for name, value in re.findall(r"^([^#].*) (\S+)$", text, re.MULTILINE)}


def ask(server, path, body=None, key="storno_test_DemoKeyNotSecret0000000000000000"):
    request = urllib.request.Request(f"{server.url}{path}", body, {"Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        # A connection that its client leaves open holds up the server's end.
        error.close()
        return error.code


def has_settled(told):
    """Whether the demo's own refunds are through."""
    made, done = (told.get(f'storno_events_total{{type="refund.{word}"}}') for word in ("created", "succeeded"))
    return made and made == done


def test_requests_commits_and_refunds_are_counted(watched):
    deadline = time.monotonic() + 30
    while not has_settled(figures(watched)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    before = figures(watched)
    for _ in range(3):
        assert ask(watched, "/storno/v1/payments", b'{"amount": 500, "currency": "EUR"}') == 200
    assert ask(watched, "/storno/v1/payments", b"{}") == 400
    assert ask(watched, "/storno/v1/payments/pay_0000000000000000000000001") == 404
    assert ask(watched, "/storno/v1/whatever/a-client-makes-up") == 404
    assert ask(watched, "/healthz") == 200
    after = figures(watched)

    def answered(api, method, route, status):
        labels = f'api="{api}",method="{method}",route="{route}",status="{status}"'
        return after.get(f"http_server_request_duration_seconds_count{{{labels}}}")

    assert answered("storno", "POST", "/v1/payments", 200) == 3
    assert answered("storno", "POST", "/v1/payments", 400) == 1
    assert answered("storno", "GET", "/v1/payments/{id}", 404) == 1
    assert answered("storno", "GET", "none", 404) == 1
    assert answered("none", "GET", "/healthz", 200) == 1
    made = 'storno_events_total{type="payment.created"}'
    assert after[made] - before[made] == 3
    assert after["storno_commit_batch_size_sum"] - before["storno_commit_batch_size_sum"] >= 3
    assert after["storno_commit_duration_seconds_count"] == after["storno_commit_batch_size_count"]
    assert after["storno_commit_failures_total"] == after["storno_commands_refused_total"] == 0
    assert after["storno_storage_up"] == 1 and after["storno_ledger_imbalances"] == 0
    assert time.time() - after["storno_ledger_checked_timestamp_seconds"] < 60
    assert {after[name] for name in after if name.startswith("storno_refunds{")} == {0}
    # Nothing that a client wrote.
    assert not any("made" in name or "made-up" in name for name in after if "route" in name)


def test_refunds_that_wait_are_told_by_status(watched):
    watched.command("accounts", "set", "demo", "approval_above=0", "--database", watched.database)
    payment = b'{"payment": "paym_sS1sXwDuaqGTjuQ7DY4BBNaI", "amount": 60}'
    request = urllib.request.Request(
        f"{watched.url}/v1/refunds/", payment, {"Authorization": "Basic c3Rlc3RfRGVtb0tleU5vdFNlY3JldDAwMDAwMDAwOg=="}
    )
    urllib.request.urlopen(request, timeout=30).close()
    told = figures(watched)
    assert told['storno_refunds{status="awaiting_approval"}'] == 1
    assert told['storno_overdue_seconds{work="approvals"}'] == 0


def test_the_public_port_has_no_metrics_and_the_other_nothing_else(watched):
    assert ask(watched, "/metrics") == 404
    other = watched.metrics.removesuffix("/metrics")
    for path, method, status in [("/", "GET", 404), ("/healthz", "GET", 404), ("/metrics", "POST", 405)]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(other + path, method=method), timeout=10)
        assert refused.value.code == status
        refused.value.close()
    assert watched.stop() == 0
