"""How long the disk takes to make one block durable: what everything durable is held against."""
import os
import statistics
import time

BLOCK = 4096
BLOCKS = 1024


def fdatasync(folder, seconds=0.1):
    """The median of overwriting a random block of a file that is there already, in microseconds."""
    path = os.path.join(folder, "probe")
    if not os.path.exists(path):
        with open(path, "wb") as file:
            file.write(os.urandom(BLOCK * BLOCKS))
            os.fsync(file.fileno())
    block, times = os.urandom(BLOCK), []
    file = os.open(path, os.O_WRONLY)
    try:
        until = time.monotonic() + seconds
        while (begin := time.perf_counter_ns()) and time.monotonic() < until:
            os.pwrite(file, block, (len(times) * 397 % BLOCKS) * BLOCK)
            os.fdatasync(file)
            times.append((time.perf_counter_ns() - begin) / 1e3)
    finally:
        os.close(file)
    return statistics.median(times)
