"""One click in a record system until the overview stands in its page: a browser, the web component, a signed link.

What is timed is what a person waits for: from the moment another patient is asked for until the first content is
painted in the frame, with the browser's cache warm, as it is after the first patient of the day.
"""

import json
import shutil
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from benches.servers import free_port, serving
from benches.serving import environment_of
from benches.table import Figure
from benches.world import World
from patientoverblik.demo.organisations import organisations

CHROMIUM = shutil.which("chromium")
TURNS = 20
GOAL = "≤ 300 ms"
CLAIMS = """
[kind]
always = "professional"
[professional]
role = "role"
[[organisation]]
claim = "sor"
system = "sor"
"""
SYSTEMS = """
[[system]]
id = "bench"
name = "Bench"
origins = ["{own}"]
[system.link]
issuer = "{own}"
jwks_file = "keys.json"
claims = "claims.toml"
"""
PAGE = """<!DOCTYPE html><html lang="da"><meta charset="utf-8"><title>Bench</title>
<script src="{ours}/indlejret/samlet-patientoverblik.js" defer></script>
<samlet-patientoverblik link="/link"></samlet-patientoverblik></html>"""
# Both say times of the machine's clock in milliseconds: when a patient was asked for, once the component says that they
# are shown; and when the frame first painted some content.
ASK = """patient => new Promise(done => {
  const element = document.querySelector("samlet-patientoverblik"), began = performance.timeOrigin + performance.now();
  element.addEventListener("overblik-vist", () => done(began), { once: true });
  element.setAttribute("patient", patient);
})"""
PAINTED = """() => new Promise(done => {
  const told = list => done(performance.timeOrigin + list.getEntriesByName("first-contentful-paint")[0].startTime);
  new PerformanceObserver(told).observe({ type: "paint", buffered: true });
})"""


def measure_embedding(world: World) -> Iterator[Figure]:
    """The median over patients of twenty documents; nothing where there is no browser."""
    if not CHROMIUM:
        return
    with tempfile.TemporaryDirectory() as folder, _record_system(Path(folder), world) as (own, port, systems):
        environment = {**environment_of(world, port), "PATIENTOVERBLIK_RECORD_SYSTEMS": systems}
        with serving(["-m", "patientoverblik", "serve"], port, environment):
            waited = _browsed(own)
    yield Figure("embedded: patient asked for to first content", statistics.median(waited), "ms", 0, GOAL)


def _browsed(own: str) -> list[float]:
    """How long each patient was waited for, in milliseconds."""
    from playwright.sync_api import sync_playwright

    waited = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(own)
        for turn in range(TURNS + 1):
            asked = page.evaluate(ASK, str(turn))
            waited.append(page.frames[-1].evaluate(PAINTED) - asked)
        browser.close()
    return waited[1:]  # the first fills the browser's cache


@contextmanager
def _record_system(folder: Path, world: World) -> Iterator[tuple[str, int, str]]:
    """A record system at another site than the service: its origin, the service's port, and its registration."""
    port, key = free_port(), ECKey.generate_key("P-256", auto_kid=True)
    ours = f"http://127.0.0.1:{port}"
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    own = f"http://localhost:{server.server_address[1]}"
    server.RequestHandlerClass = _handler(own, ours, key, world)
    (folder / "keys.json").write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    (folder / "claims.toml").write_text(CLAIMS)
    (folder / "systems.toml").write_text(SYSTEMS.format(own=own))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield own, port, str(folder / "systems.toml")
    finally:
        server.shutdown()
        server.server_close()


def _handler(own: str, ours: str, key: ECKey, world: World) -> type[BaseHTTPRequestHandler]:
    """The page, and links signed for patients by their place in the world."""
    practice = organisations()["general-practice"].reference

    def link(patient: str) -> str:
        now = int(time.time())
        said: dict[str, Any] = {"iss": own, "aud": ours, "iat": now, "exp": now + 60, "jti": str(uuid.uuid4())}
        said |= {"sub": "bench", "name": "Bench", "role": "Læge", "sor": practice.value, "purpose": "treatment"}
        said |= {"patient": world.numbers[int(patient)], "ref": patient}
        return jwt.encode({"alg": "ES256", "typ": "launch+jwt", "kid": key.kid}, said, key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(PAGE.format(ours=ours), "text/html")

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(link(asked["patient"]), "text/plain")

        def _answer(self, text: str, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
