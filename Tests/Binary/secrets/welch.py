"""Whether two kinds of request can be told apart by how long their answers take: Welch's t-test, as dudect does it."""
import gc
import math
import random
import socket
import statistics
import time

# Above this, two means differ for a reason.
BOUND = 4.5
# What is above these parts of all times is the machine's noise, and is cut off in both classes alike. Each says for
# itself whether the classes differ: a busy machine needs more cut off than a quiet one.
CROPS = [0.5, 0.75, 0.95]


class Connection:
    """A kept-alive connection that costs as little of its own as can be."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def seconds(self, request):
        """Sends the bytes of a request, and gives how long the whole answer took."""
        begin = time.perf_counter_ns()
        self.socket.sendall(request)
        received = self.socket.recv(65536)
        while not is_whole(received):
            part = self.socket.recv(65536)
            assert part, "the server closed the connection"
            received += part
        return (time.perf_counter_ns() - begin) / 1e9

    def close(self):
        self.socket.close()


def is_whole(received):
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return len(body) >= int(length or 0)


def sample(port, classes, count, seed):
    """
    Times `count` requests of each class, in an order drawn anew for each pair, so that whatever drifts hits both.

    - classes: two functions that give the bytes of a request each time.
    - Returns: two lists of seconds.
    """
    rounds = count + count // 10
    # Made beforehand: a pause before one class that the other has not would be measured as well.
    requests = [[made() for _ in range(rounds)] for made in classes]
    connection = Connection(port)
    chance = random.Random(seed)
    times = [], []
    gc.disable()
    try:
        for number in range(rounds):
            for which in chance.sample([0, 1], 2):
                taken = connection.seconds(requests[which][number])
                if number >= rounds - count:
                    times[which].append(taken)
    finally:
        gc.enable()
        connection.close()
    return times


def t_value(left, right):
    """The largest of Welch's t of two lists of times, both cropped at the same height."""
    times = sorted(left + right)
    return max((cropped(left, right, times[int(len(times) * crop)]) for crop in CROPS), key=abs)


def cropped(left, right, height):
    left, right = [time for time in left if time <= height], [time for time in right if time <= height]
    if min(len(left), len(right)) < 10:
        # The slower class is cut off as a whole.
        return math.copysign(math.inf, len(right) - len(left))
    variance = statistics.variance(left) / len(left) + statistics.variance(right) / len(right)
    return (statistics.fmean(left) - statistics.fmean(right)) / math.sqrt(variance)


def tell_apart(port, classes, count):
    """
    Measures a second time what looks different: a difference that is there shows again, in the same direction, and the
    machine's noise does not.

    - Returns: whether the classes can be told apart, and the values of t.
    """
    values = [t_value(*sample(port, classes, count, seed=1))]
    if abs(values[0]) >= BOUND:
        values.append(t_value(*sample(port, classes, count, seed=2)))
    apart = len(values) == 2 and abs(values[1]) >= BOUND and values[0] * values[1] > 0
    return apart, values
