"""Connections that make no progress, and how long the server puts up with each."""
import select
import socket
import ssl
import time

import h2.connection
import h2.events

from http2_peer import Peer, request_fields
from raw_http import Wire
from resources import PeakMemory, sockets, wait_for_sockets, wait_until_idle

# So many answers that no buffer between the two sides holds them all, as small as `narrow` makes these.
PIPELINED = 20


def seconds_until_closed(connection, drip=None, limit=75):
    begin = time.monotonic()
    connection.settimeout(1)
    while time.monotonic() - begin < limit:
        try:
            if drip:
                connection.sendall(drip)
            if connection.recv(65536) == b"":
                return time.monotonic() - begin
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - begin
    return limit


def plain(server, sent, drip=None):
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(sent)
        return seconds_until_closed(connection, drip)


def encrypted(server, sent, drip=None):
    context = ssl.create_default_context(cafile=server.authority)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        with context.wrap_socket(connection, server_hostname="localhost") as wrapped:
            wrapped.sendall(sent)
            return seconds_until_closed(wrapped, drip)


def streams(server, drip=None):
    """One request over HTTP/2, and then nothing, or half a frame that drips."""
    context = ssl.create_default_context(cafile=server.authority)
    context.set_alpn_protocols(["h2"])
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        with context.wrap_socket(connection, server_hostname="localhost") as wrapped:
            http2 = h2.connection.H2Connection()
            http2.initiate_connection()
            http2.send_headers(1, request_fields("GET", "/healthz"), end_stream=True)
            wrapped.sendall(http2.data_to_send())
            ended = False
            while not ended:
                events = http2.receive_data(wrapped.recv(65536))
                ended = any(isinstance(event, h2.events.StreamEnded) for event in events)
            if drip:
                wrapped.sendall(b"\x00\x40\x00\x01\x04\x00\x00\x00\x03")
            return seconds_until_closed(wrapped, drip)


def half_a_pipelined_request(server):
    """Behind a whole one, in the same segment."""
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with Wire(server.port, deadline=75) as wire:
        begin = time.monotonic()
        wire.send(whole + whole[:20])
        assert wire.answer().status == 200
        while wire.more():
            pass
        return time.monotonic() - begin


def unread_answers(merchant, limit=75):
    """Long answers that nobody reads; the end can only be seen in what the server's process holds.

    The kernel tells a client nothing while its window is closed.
    """
    before = sockets(merchant.server)
    with Wire(merchant.server.port, is_narrow=True) as wire:
        wire.send(PIPELINED * merchant.long_answer())
        began = time.monotonic()
        while sockets(merchant.server) == before:
            assert time.monotonic() - began < 5, "the connection was not taken"
            time.sleep(0.01)
        return wait_for_sockets(merchant.server, limit, at_most=before) or limit


def closed_window(merchant, limit=75):
    """Long answers on a hundred streams whose windows never open.

    How long until each stream, or all of the connection, is ended, from when all answers wait; and how much memory they
    took.
    """
    asked = range(1, 201, 2)
    authorization = ("authorization", f"Bearer {merchant.key}")
    with PeakMemory(merchant.server) as memory, Peer(merchant.server, initial_window_size=0) as peer:
        peer.send(*(peer.get(stream, f"/v1/payments/{merchant.payment}", authorization) for stream in asked))
        wait_until_idle(merchant.server, seconds=20)
        begin = time.monotonic()
        try:
            peer.listen(lambda heard: all(stream in heard.resets for stream in asked), limit)
        except AssertionError:
            return limit, memory.growth
        return time.monotonic() - begin, memory.growth


def beyond_the_cap(server, cap):
    """As many half requests as connections are allowed, then one whole one: how long until that is answered."""
    before = sockets(server)
    occupied = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(cap)]
    try:
        for connection in occupied:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: local")
        begin = time.monotonic()
        while sockets(server) < before + cap:
            assert time.monotonic() - begin < 10, "they were not taken"
            time.sleep(0.01)
        with Wire(server.port, deadline=60) as wire:
            begin = time.monotonic()
            wire.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            early = bool(select.select([wire.socket], [], [], 2)[0])
            assert wire.answer().status == 200
            return early, time.monotonic() - begin
    finally:
        for connection in occupied:
            connection.close()


def stop_with_unread_answers(merchant):
    """How long it takes to stop, and with which code, while a client does not read its answers."""
    with Wire(merchant.server.port, is_narrow=True) as wire:
        wire.send(PIPELINED * merchant.long_answer())
        wait_until_idle(merchant.server, seconds=20)
        begin = time.monotonic()
        return merchant.server.stop(), time.monotonic() - begin
