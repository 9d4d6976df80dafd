"""Receivers to tell: an HTTP server and a TLS server in threads of their own, which keep what they were told."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Heard:
    """What an HTTP receiver was told, and what it answers: (status, body) by turns, the last one for good.

    While it is not ``open`` it takes requests and answers none.
    """

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.url = ""
        self.location = ""
        self.open = threading.Event()
        self.open.set()


@contextmanager
def http_receiver(*answers: tuple[int, bytes], certified: tuple[Path, Path] | None = None) -> Iterator[Heard]:
    """A receiver by HTTP, by HTTPS where it has a certificate and key."""
    heard = Heard(*answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.requests.append((self.path, dict(self.headers), body))
            heard.open.wait(60)
            status, answer = heard.answers.pop(0) if len(heard.answers) > 1 else heard.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            if heard.location:
                self.send_header("Location", heard.location)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certified:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certified)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    heard.url = f"{'https' if certified else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 signed by its own key, and the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "audit receiver")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


@contextmanager
def tls_receiver(folder: Path, resets: bool = False) -> Iterator[tuple[int, Path, list[bytes]]]:
    """(port, certificate, what each connection sent). ``resets`` breaks each connection instead of ending it."""
    public, private = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            with plain:
                _hear(context, plain, heard, resets)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1], public, heard
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@contextmanager
def dripping_receiver(certified: tuple[Path, Path], drips: int = 100) -> Iterator[str]:
    """The address of a receiver that says yes a letter at a time, ten a second, so that it is never silent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certified)
    listening, between = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        with suppress(OSError):
            plain, _ = listening.accept()
            with context.wrap_socket(plain, server_side=True) as connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Word: ")
                for _ in range(drips):
                    connection.sendall(b"x")
                    between.wait(0.1)
                connection.sendall(b"\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        between.set()
        listening.close()
        thread.join()


def _hear(context: ssl.SSLContext, plain: socket.socket, heard: list[bytes], resets: bool) -> None:
    try:
        connection = context.wrap_socket(plain, server_side=True)
    except OSError:
        return
    said = b""
    while part := connection.recv(65536):
        said += part
        if resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            connection.close()
            return
    heard.append(said)
    connection.close()
