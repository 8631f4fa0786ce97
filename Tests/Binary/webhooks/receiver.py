"""The far end of webhooks: takes messages down in the order in which they come, and answers as a test says."""
import asyncio
import dataclasses
import socket
import struct
import threading
import time


@dataclasses.dataclass
class Message:
    path: str
    fields: dict
    body: bytes
    arrived_at: float
    #: What was answered; `None` where nothing was, or not yet.
    status: int | None = None

    @property
    def id(self):
        return self.fields["webhook-id"]


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int = 200
    fields: tuple = ()
    body: bytes = b""
    #: Seconds before it is given.
    delay: float = 0
    #: Whether the connection is reset in its place.
    is_reset: bool = False


class Receiver:
    """Answers by `script(message)`, which is called once for each message, in a thread of its own."""

    def __init__(self, script=lambda message: Answer(), tls=None):
        self.script, self.tls = script, tls
        self.messages = []
        self.port = None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.begun = threading.Event()

    def __enter__(self):
        self.thread.start()
        assert self.begun.wait(10)
        return self

    def __exit__(self, *failure):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def at(self, path):
        return [message for message in list(self.messages) if message.path == path]

    def run(self):
        asyncio.set_event_loop(self.loop)
        begun = asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=512, ssl=self.tls)
        server = self.loop.run_until_complete(begun)
        self.port = server.sockets[0].getsockname()[1]
        self.begun.set()
        self.loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self.loop)
        for task in left:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.close()

    async def serve(self, reader, writer):
        try:
            while (message := await self.read(reader)) is not None:
                answer = self.script(message)
                self.messages.append(message)
                if answer.delay:
                    await asyncio.sleep(answer.delay)
                if answer.is_reset:
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    break
                # Before it is sent: what is acknowledged must not be told of too late.
                message.status = answer.status
                head = f"HTTP/1.1 {answer.status} X\r\nContent-Length: {len(answer.body)}\r\n"
                head += "".join(f"{name}: {value}\r\n" for name, value in answer.fields) + "\r\n"
                writer.write(head.encode() + answer.body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def read(self, reader):
        line = await reader.readline()
        if not line:
            return None
        path = line.split(b" ")[1].decode()
        fields = {}
        while (line := (await reader.readline()).strip()) != b"":
            name, value = line.decode().split(":", 1)
            fields[name.lower()] = value.strip()
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        return Message(path, fields, body, time.time())
