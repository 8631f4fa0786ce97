"""The time of test mode, at a server with a key and in this machine's installation without one."""


def test_a_key_stops_and_moves_the_time_of_its_account(person):
    assert person.json("clock", "show")["status"] == "running"
    frozen = person.json("clock", "freeze", "--at", "2090-01-01T00:00:00Z")
    assert (frozen["status"], frozen["now"]) == ("frozen", "2090-01-01T00:00:00.000Z")
    payment = person.id("payments", "create", "--amount", 100, "--currency", "EUR")
    refund = person.id("refunds", "create", payment)
    moved = person.run("clock", "advance", "--minutes", 1)
    assert moved.stdout == "2090-01-01T00:01:00Z\n" and moved.stderr.endswith("It stands.\n")
    assert person.json("refunds", "get", refund)["status"] == "succeeded"
    assert person.json("clock", "advance", "--to", "2090-01-02T00:00:00Z")["now"] == "2090-01-02T00:00:00.000Z"
    back = person.run("clock", "advance", "--to", "2001-01-01T00:00:00Z", code=4)
    assert "clock_not_back" in back.stderr
    running = person.run("clock", "resume")
    assert running.stderr.endswith("It runs, ahead of the true time.\n")
    # The other desk sees the same clock.
    here = ["--account", person.account, "--database", person.storno.database]
    assert person.json("clock", "show", *here)["ahead_by_milliseconds"] > 0


def test_the_desk_is_the_one_that_was_named(person):
    wrong = person.run("clock", "show", "--account", "main", code=64)
    assert "a key is of one account" in wrong.stderr
    both = person.run("clock", "show", "--profile", "shop", "--database", person.storno.database, code=64)
    assert "--profile and --address a server" in both.stderr
    live = person.run("clock", "show", STORNO_API_KEY=person.key(mode="live"), STORNO_ADDRESS=person.storno.url, code=6)
    assert "clock_of_live_mode" in live.stderr
