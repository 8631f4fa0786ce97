"""schemathesis asks everything that a document allows, and much that it does not, and holds the answers against it."""
import os
import re
import subprocess
import sys

import pytest

from openapi_documents import NAMES
from lengths import length
from server import REPOSITORY, Storno

KEYS = {
    "cari": "Authorization: Bearer sk_test_DemoKeyNotSecret0000000000000000",
    "collctiv": "Authorization: Bearer clv_test_DemoKeyNotSecret0000000000000000",
    # The user `stest_DemoKeyNotSecret00000000`, and no password.
    "stancer": "Authorization: Basic c3Rlc3RfRGVtb0tleU5vdFNlY3JldDAwMDAwMDAwOg==",
    "storno": "Authorization: Bearer storno_test_DemoKeyNotSecret0000000000000000",
}
HOOKS = REPOSITORY / "Tests" / "Binary" / "openapi" / "fresh_keys.py"
CONFIGURATION = REPOSITORY / "Tests" / "Binary" / "openapi" / "schemathesis.toml"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", length([1], [1, 2, 3]))
def test_every_answer_is_such_as_the_document_says(tmp_path, measured, name, seed):
    with Storno(tmp_path, arguments=["--demo"]).start() as server:
        done = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run",
                f"{server.url}/openapi/{name}.json", "--checks", "all", "--header", KEYS[name], "--seed", str(seed),
                "--max-examples", str(length(5, 200)), "--continue-on-failure",
            ],
            capture_output=True,
            text=True,
            # What it remembers of other runs stays with this one.
            cwd=tmp_path,
            env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200", "SCHEMATHESIS_HOOKS": str(HOOKS)},
            timeout=length(900, 3600),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
        found = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
        assert found and int(found[1]) > 100, done.stdout[-2000:]
        measured(f"{name}, seed {seed}: {found[0]}")
        server.verify()
