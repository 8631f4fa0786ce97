"""Payments and refunds that go as a scenario says."""
import json
import pathlib
import re

RESTS = {
    "success": "succeeded", "declined": "failed", "hangs": "in_doubt", "answer_lost": "succeeded",
    "reversed_later": "succeeded", "action_required": "requires_action", "server_error": "succeeded",
    "early_notification": "succeeded", "other_amount": "needs_review", "insufficient_funds": "queued",
    "late_success": "needs_review",
}  # fmt: skip
REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def test_every_scenario_is_played_to_where_it_rests(person):
    running = {name: person.starts("trigger", name, "--json") for name in RESTS}
    for name, played in running.items():
        assert played.end() == 0, (name, played.talk)
        events = [json.loads(line) for line in played.out]
        assert [events[0]["type"], events[1]["type"]] == ["payment.created", "refund.created"], name
        assert played.talk[-1].split(" is ")[1].rstrip(".").split(" ")[0] == RESTS[name], (name, played.talk)
        assert len({event["id"] for event in events}) == len(events)


def test_the_list_is_that_of_the_sandbox_s_page(person):
    listed = {row["scenario"]: (row["amount"], row["story"]) for row in person.json("trigger", "--list")}
    page = (REPOSITORY / "Connectors" / "Sandbox" / "README.md").read_text()
    rows = re.findall(r"^\| ([0-9 ]+) \| `([a-z_]+)` \| (.*) \|$", page, re.M)
    assert {name: (amount.replace(" ", ""), story.replace("`", "")) for amount, name, story in rows} == {
        name: told for name, told in listed.items() if name != "success"
    }
    assert set(listed) == set(RESTS)


def test_a_payment_that_is_there_is_refunded(person):
    payment = person.payment()
    done = person.run("trigger", "declined", "--payment", payment, "--amount", 100)
    assert payment in done.stdout and "refund.failed" in done.stdout and "1.00 EUR" in done.stdout
    assert "declined" in done.stderr


def test_what_cannot_be_played_is_told(person):
    assert "There is no scenario nonsense" in person.run("trigger", "nonsense", code=64).stderr
    assert "Name a scenario" in person.run("trigger", code=64).stderr
    live = person.key(mode="live")
    told = person.run("trigger", "declined", code=64, STORNO_API_KEY=live, STORNO_ADDRESS=person.storno.url)
    assert "test mode" in told.stderr and live not in told.stderr
    late = person.run("trigger", "hangs", "--timeout", 1, code=1)
    assert "after 1 s" in late.stderr


def test_a_refund_that_waits_for_a_person_is_said_to(person):
    person.set("approval_above=0")
    assert "is awaiting_approval" in person.run("trigger", "success").stderr
