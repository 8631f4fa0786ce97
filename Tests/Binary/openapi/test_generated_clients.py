"""The documents make clients that work: a stock generator's, in Python. Long runs make and use them; every run knows that
there is one for each document."""
import os
import pathlib
import re
import subprocess
import sys

import pytest

from openapi_documents import NAMES
from lengths import is_proof
from server import Storno

GENERATOR = pathlib.Path(sys.executable).parent / "openapi-generator-cli"
USE = pathlib.Path(__file__).parent / "generated_client.py"


def test_each_document_has_a_use_of_its_client():
    assert set(re.findall(r"import (\w+)_client as made", USE.read_text())) == set(NAMES)


def run(*line, **options):
    return subprocess.run(line, capture_output=True, text=True, timeout=600, **options)


if is_proof:

    @pytest.mark.parametrize("name", NAMES)
    def test_a_generated_client_makes_a_payment_and_a_refund(tmp_path, name):
        with Storno(tmp_path).start() as server:
            made = run(
                str(GENERATOR), "generate", "-g", "python",
                "-i", f"{server.url}/openapi/{name}.json", "-o", str(tmp_path / "client"),
                f"--additional-properties=packageName={name}_client",
            )  # fmt: skip
            assert made.returncode == 0, made.stdout[-4000:] + made.stderr[-4000:]
            site = tmp_path / "site"
            installed = run(sys.executable, "-m", "pip", "install", "-q", "--target", str(site), str(tmp_path / "client"))
            assert installed.returncode == 0, installed.stderr[-4000:]
            used = run(
                sys.executable, str(USE), server.url, name, server.key(name), env=os.environ | {"PYTHONPATH": str(site)}
            )
            assert used.returncode == 0, used.stdout + used.stderr[-4000:]
            assert len(used.stdout.split()) == 2
            server.verify()
