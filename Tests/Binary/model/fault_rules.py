"""What happens to a server: time passes, it is stopped, it is killed, also while it answers."""
import json
import threading
import time

from hypothesis import strategies as st
from hypothesis.stateful import rule

from keyed_calls import Call
from vendor_apis import Client, refund_call
from walker import API, SOMETIMES, Walker, payments


class FaultRules(Walker):
    # Time and processes are dear: most of these steps do nothing. The simplest example is made of the first of them.
    @rule(seconds=st.sampled_from([0] * 18 + [1.1, 2.3]))
    def let_time_pass(self, seconds):
        """The sandbox takes one step a second."""
        if seconds:
            time.sleep(seconds)
            self.touched += self.mine

    @rule(how=st.sampled_from([None] * 18 + ["kill -9", "SIGTERM"]))
    def restart(self, how):
        """Everything is as it was."""
        if how is None:
            return
        if how == "SIGTERM":
            self.require(self.server.stop() == 0, "it did not stop in order")
        else:
            self.server.kill()
        self.start_again(f"after {how}")

    @rule(payment=payments, api=API, milliseconds=st.integers(0, 8), happens=SOMETIMES)
    def refund_while_it_is_killed(self, payment, api, milliseconds, happens):
        """Nobody knows whether it was done, until the same key is sent again: then it was done, once."""
        begin = time.monotonic()
        if not happens or payment.answers_to_refund(api, 1, begin) != {"refund"}:
            return
        path, body = refund_call(api, payment.id, 1)
        call = Call(api, path, json.dumps(body).encode(), self.fresh_key())
        client = Client(self.server, self.account.keys)
        client.connect()
        heard = []
        sending = threading.Thread(target=send, args=(client, call, heard))
        sending.start()
        time.sleep(milliseconds / 1000)
        self.server.kill()
        sending.join()
        self.start_again(f"killed during {call}, heard {[answer.body for answer in heard]}")
        answer = self.ask(api, "POST", path, call.body, call.once)
        self.require(answer.status == 200, f"{answer.status} after an unknown outcome: {answer.body}")
        for first in heard:
            self.require(first.status == 200, f"{first.status}: {first.body}")
            self.require(answer.is_replay and answer.body == first.body, "what was answered for is not there")
        call.answer = answer.body
        self.saw("killed during a refund")
        if answer.is_replay and not heard:
            self.saw("killed between a refund and its answer")
        answer.sent = begin
        self.accept(payment, api, 1, answer, call)

    def start_again(self, why):
        self.server.start()
        self.saw("restart")
        self.transcript.append(f"the server was started again, {why}")
        self.touched += self.mine


def send(client, call, heard):
    """Writes down the answer, if there is one."""
    try:
        heard.append(client.ask(call.api, "POST", call.path, call.body, call.once))
    except OSError:
        pass
    finally:
        client.close()
