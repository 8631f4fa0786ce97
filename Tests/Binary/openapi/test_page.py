"""The page at /docs in a real browser: what it shows, what it sends, and whether everybody can use it."""
import json
import subprocess

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from openapi_documents import METHODS, NAMES
from server import Storno

# What each API's refund is made by, and what comes back for it.
REFUNDS = {"cari": "createRefund", "collctiv": "createRefund", "stancer": "createRefund", "storno": "createRefund"}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        # A container's root has no sandbox of its own; nothing but this server is asked.
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with Storno(tmp_path_factory.mktemp("page"), arguments=["--demo"]).start() as server:
        yield server


class Visit:
    """One look at the page, which fails at its end if the browser complained or asked somebody else."""

    def __init__(self, browser, server, **options):
        self.server = server
        self.context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self.check)

    def check(self, request):
        if not request.url.startswith(self.server.url) and request.url != "data:,":
            self.complaints.append(f"asks {request.url}")

    def go(self, place=""):
        self.page.goto(f"{self.server.url}/docs{place}")
        self.page.wait_for_selector("h1")
        return self.page

    def operation(self, api, name):
        page = self.go(f"#{api}/{name}")
        details = page.locator(f"details[id='{api}/{name}']")
        details.locator("form").wait_for()
        return details

    def send(self, details):
        details.locator("button[type=submit]").click()
        details.locator(".outcome").wait_for()
        return details.locator(".outcome").inner_text()

    def axe(self):
        found = Axe().run(self.page).response["violations"]
        return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        self.context.close()
        assert failure or not self.complaints, self.complaints


def test_all_operations_of_all_apis_are_shown(browser, demo):
    with Visit(browser, demo) as visit:
        page = visit.go()
        for name in NAMES:
            document = requests.get(f"{demo.url}/openapi/{name}.json", timeout=30).json()
            wanted = {
                f"{name}/{item[method]['operationId']}"
                for item in document["paths"].values()
                for method in METHODS
                if method in item
            }
            page.get_by_role("navigation", name="APIs").get_by_role("link", name=document["info"]["title"]).click()
            page.get_by_role("heading", level=1, name=document["info"]["title"]).wait_for()
            shown = page.locator("details.operation").evaluate_all("all => all.map(one => one.id)")
            assert sorted(shown) == sorted(wanted)
            linked = page.locator("#contents a").evaluate_all("all => all.map(one => one.hash.slice(1))")
            assert sorted(linked) == sorted(wanted)


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_can_be_opened_opens(browser, demo, name):
    with Visit(browser, demo) as visit:
        page = visit.go(f"#{name}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.wait_for_function("all => document.querySelectorAll('form').length === all", arg=page.locator("details.operation").count())
        # What is opened holds more to be opened; of one operation, all of it down to the third level.
        for _ in range(2):
            page.evaluate(
                "name => document.getElementById(name).querySelectorAll('details').forEach(one => { one.open = true })",
                f"{name}/{REFUNDS[name]}",
            )
            page.wait_for_timeout(100)
        text = page.locator("main").inner_text()
        assert "undefined" not in text and "[object" not in text


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}, {"forced_colors": "active"}],
    ids=["light", "dark", "narrow", "forced colours"],
)
def test_nobody_is_shut_out(browser, demo, options):
    with Visit(browser, demo, **options) as visit:
        page = visit.go()
        assert visit.axe() == []
        details = visit.operation("storno", "createRefund")
        for summary in details.locator(".answers > details > summary").all()[:2]:
            summary.click()
        assert visit.send(details).startswith("200")
        assert visit.axe() == []
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1]


def test_nothing_moves_for_who_wants_nothing_to_move(browser, demo):
    for wish, scrolling in {"reduce": "auto", "no-preference": "smooth"}.items():
        with Visit(browser, demo, reduced_motion=wish) as visit:
            page = visit.go()
            assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == scrolling


@pytest.mark.parametrize("name", NAMES)
def test_a_refund_is_made_through_the_page(browser, demo, name):
    with Visit(browser, demo) as visit:
        details = visit.operation(name, REFUNDS[name])
        assert visit.send(details).startswith("200 OK")
        refund = json.loads(details.locator("pre.body").inner_text())
        assert details.get_by_label("Headers of the answer").inner_text().count("request-id: req_") == 1
        # It is one: read by its id, through the page as well.
        reading = visit.operation(name, "readRefund")
        reading.locator("form input").first.fill(refund["id"])
        assert visit.send(reading).startswith("200 OK")
        assert json.loads(reading.locator("pre.body").inner_text())["amount"] == refund["amount"]
        # The line says the same to whoever pastes it.
        line = reading.locator("pre.curl").inner_text()
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30)
        assert json.loads(done.stdout)["id"] == refund["id"], done.stderr


def test_a_refusal_is_shown_as_it_is(browser, demo):
    with Visit(browser, demo) as visit:
        details = visit.operation("storno", "createRefund")
        details.get_by_label("Body", exact=True).fill('{"payment": "pay_demo", "amuont": 1}')
        assert visit.send(details).startswith("400")
        problem = json.loads(details.locator("pre.body").inner_text())
        assert (problem["code"], problem["param"]) == ("invalid_parameter", "amuont")
        # The browser tells of every refused request by itself.
        visit.complaints = [one for one in visit.complaints if "status of 400" not in one]


def test_a_stream_is_shown_as_it_comes(browser, demo):
    with Visit(browser, demo) as visit:
        details = visit.operation("storno", "streamEvents")
        first = requests.get(f"{demo.url}/storno/v1/events?limit=100", auth=("storno_test_DemoKeyNotSecret0000000000000000", ""), timeout=30)
        details.get_by_label("after", exact=True).fill(first.json()["data"][-1]["id"])
        assert visit.send(details).startswith("200")
        assert "event: payment." in details.locator("pre.body").inner_text()


def test_without_a_demo_the_key_is_typed_in(browser, tmp_path):
    with Storno(tmp_path).start() as server, Visit(browser, server) as visit:
        page = visit.go("#storno")
        field = page.get_by_label("API key of Storno")
        assert field.input_value() == ""
        field.fill(server.key("storno"))
        # By keyboard alone: to the operation through its link, and through the form with Enter.
        link = page.get_by_role("link", name="Read the end of the audit trail")
        link.focus()
        page.keyboard.press("Enter")
        details = page.locator("details[id='storno/readAuditHead']")
        details.locator("form").wait_for()
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        details.get_by_role("button", name="Send GET").focus()
        page.keyboard.press("Enter")
        details.locator(".outcome").wait_for()
        assert details.locator(".outcome").inner_text().startswith("200")
        # Nothing of it stays.
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0 and visit.context.cookies() == []


def test_the_first_stop_of_the_keyboard_leads_to_the_operations(browser, demo):
    with Visit(browser, demo) as visit:
        page = visit.go()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the operations"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
