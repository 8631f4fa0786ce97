"""`scripts/new-dialect` and `scripts/new-connector`: what they make compiles, and its suite names what is owed."""
import json
import re
import shutil
import subprocess

import pytest

from lengths import is_proof
from server import REPOSITORY

MADE = [("dialect", "Dialects"), ("connector", "Connectors")]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The repository without what was built, and with one of each made in it."""
    copy = tmp_path_factory.mktemp("scaffolding") / "storno"
    names = ["Package.swift", "Package.resolved", ".swift-format", "Plugins", "Sources", "Dialects", "Connectors", "Tests", "scripts"]
    for name in names:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "corpus", "found"))
        else:
            copy.mkdir(exist_ok=True)
            shutil.copy(REPOSITORY / name, copy / name)
    for kind, _ in MADE:
        done = run(copy, f"scripts/new-{kind}", "AcmePay")
        assert done.returncode == 0 and "says what it owes" in done.stdout, done.stderr
    return copy


def run(tree, *line):
    return subprocess.run(list(map(str, line)), cwd=tree, capture_output=True, text=True)


def test_each_is_one_folder_one_word_and_one_line(tree):
    package = (tree / "Package.swift").read_text()
    catalog = (tree / "Sources/Server/Catalog.swift").read_text()
    assert re.search(r'let dialects = \[.*"AcmePay".*\]', package) and re.search(r'let connectors = \[.*"AcmePay".*\]', package)
    for _, folder in MADE:
        assert (tree / folder / "AcmePay" / "README.md").read_text().startswith("# AcmePay\n")
        text = "".join(path.read_text() for path in (tree / folder / "AcmePay").rglob("*") if path.is_file())
        assert "__Name__" not in text and "__name__" not in text
    for line in ("import AcmePayDialect", "import AcmePayConnector", "AcmePayDialect(), ", "AcmePayConnector()"):
        assert line in catalog, line
    assert (tree / "Dialects/AcmePay/openapi.yaml").read_text().startswith("openapi: 3.1")


def test_what_is_made_is_formatted_as_everything_else(tree):
    places = ["Package.swift", "Sources/Server/Catalog.swift", "Dialects/AcmePay", "Connectors/AcmePay"]
    done = run(tree, "swift", "format", "lint", "--strict", "--recursive", *places)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind, folder", MADE)
def test_a_name_is_checked_and_nothing_is_replaced(tree, kind, folder):
    for name in ("", "acme", "A b", "../X", "9Lives"):
        assert run(tree, f"scripts/new-{kind}", name).returncode == 64
    for name in ("AcmePay", "Acmepay"):
        done = run(tree, f"scripts/new-{kind}", name)
        assert done.returncode == 1 and "already" in done.stderr
    assert {path.name for path in (tree / folder).iterdir()} == {
        path.name for path in (REPOSITORY / folder).iterdir()
    } | {"AcmePay"}


def compiler(like):
    """How the build compiles a module, without what it writes."""
    plan = (REPOSITORY / ".build" / "debug.yaml").read_text()
    found = re.search(rf'\n  "C\.{like}-[^"]*module":\n(?:    .*\n)*?    args: (\[.*\])\n', plan)
    assert found, f"the build has no plan of {like}"
    arguments, kept = json.loads(found[1]), []
    pairs = {"-emit-module-path", "-output-file-map", "-index-store-path", "-module-name"}
    alone = {"-emit-dependencies", "-emit-module", "-incremental", "-c", "-serialize-diagnostics", "-enable-batch-mode"}
    skip = False
    for argument in arguments:
        if skip or argument in pairs:
            skip = not skip
        elif argument not in alone and not argument.startswith("@"):
            kept.append(argument)
    return kept


@pytest.mark.parametrize(
    "module, like, place",
    [
        ("AcmePayDialect", "CollctivDialect", "Dialects/AcmePay"),
        ("AcmePayConnector", "SandboxConnector", "Connectors/AcmePay"),
    ],
)
def test_what_is_made_compiles_with_its_tests(tree, tmp_path, module, like, place):
    for name, twin, folder in ((module, like, "Sources"), (f"{module}Tests", f"{like}Tests", "Tests")):
        sources = sorted((tree / place / folder).glob("*.swift"))
        made = ["-emit-module", "-emit-module-path", tmp_path / f"{name}.swiftmodule", "-I", tmp_path]
        if name == "AcmePayDialect":
            # What the build makes of openapi.yaml.
            embedded = tmp_path / "Embedded.swift"
            embedded.write_text('enum Embedded { static let openapi: StaticString = "{}" }\n')
            sources.append(embedded)
        done = run(tmp_path, *compiler(twin), "-module-name", name, *made, *sources)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_suites_of_what_is_made_name_what_is_owed(tree):
    if not is_proof:
        # Built and run whole by `make proof`; here the suites are those that the folders' tests run.
        for kind, folder in MADE:
            text = (tree / folder / "AcmePay" / "Tests" / "ConformanceTests.swift").read_text()
            assert f"{kind.capitalize()}Conformance.duties" in text and "#expect(debt == nil)" in text
        return
    done = run(tree, "swift", "test", "--filter", "AcmePay")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    for words in (
        "a refund is made, and read again by its id: asking for a refund is 501",
        "submit: an accepted order is answered with the processor's reference: answer `.answered`",
        "find: an order that was never sent is absent",
    ):
        assert words in said, said[-4000:]
    assert "every refusal is worded: " not in said and "its keys are read as they are sent: " not in said
