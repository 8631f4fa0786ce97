"""The kits' DocC catalogs convert without a warning."""
import pathlib
import shutil
import subprocess

import pytest

from server import REPOSITORY


@pytest.mark.parametrize("kit", ["DialectKit", "ConnectorKit"])
def test_a_kits_documentation_converts_without_a_warning(kit, tmp_path):
    # Beside the compiler, wherever swift leads to.
    docc = pathlib.Path(shutil.which("swift")).resolve().with_name("docc")
    line = [docc, "convert", REPOSITORY / "Sources" / kit / f"{kit}.docc", "--output-path", tmp_path / kit]
    line += ["--fallback-display-name", kit, "--fallback-bundle-identifier", f"storno.{kit}", "--analyze"]
    done = subprocess.run([*map(str, line), "--warnings-as-errors"], capture_output=True, text=True)
    assert done.returncode == 0 and "warning" not in done.stdout + done.stderr, done.stdout + done.stderr
    pages = {path.stem for path in (tmp_path / kit / "data").rglob("*.json")}
    assert {"addingavendor", "addingaprocessor"} & pages, pages
