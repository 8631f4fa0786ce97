import pathlib
import sys

# One payment and 64 clients is the same race with three nodes.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "races"))
