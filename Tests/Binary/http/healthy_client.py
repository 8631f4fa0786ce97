"""One client that asks several servers in turn; run by itself, so that nothing else in its process delays it.

    python healthy_client.py SECONDS PORT KEY PORT KEY …

Prints for each server how long its answers took, in seconds, as JSON.
"""
import json
import sys
import time

from raw_http import Wire
from refund_merchant import keyed_get

PAUSE = 0.002


def main(seconds, servers):
    wires = []
    for port, key in servers:
        wires.append((Wire(int(port), deadline=seconds + 30), keyed_get("/v1/customers", key), []))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for wire, request, took in wires:
            begin = time.perf_counter()
            wire.send(request)
            answer = wire.answer()
            took.append(time.perf_counter() - begin)
            assert answer is not None and answer.status == 200, answer
            time.sleep(PAUSE)
    print(json.dumps([took for _, _, took in wires]))


if __name__ == "__main__":
    main(float(sys.argv[1]), list(zip(sys.argv[2::2], sys.argv[3::2], strict=True)))
