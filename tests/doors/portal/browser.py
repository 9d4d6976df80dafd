"""A browser without a window: requests straight into the application, cookies kept, redirects followed."""

import asyncio
import re

import httpx


class Browser:
    """Asks an application; every request runs to its end before the next."""

    def __init__(self, application, base: str = "http://testserver") -> None:
        self._application = application
        self.base = base
        self.cookies = httpx.Cookies()

    def log_in(self, persona: str) -> httpx.Response:
        """Log in as somebody invented by the test login, by the whole code flow; the page they come to."""
        sealed = re.search(r'name="request" value="([^"]+)"', self.get("/").text)[1]
        return self.post("/testlogin/authorize", data={"persona": persona, "request": sealed})

    def request(self, method: str, path: str, **sent) -> httpx.Response:
        return asyncio.run(self._request(method, path, **sent))

    def get(self, path: str, **sent) -> httpx.Response:
        return self.request("GET", path, **sent)

    def post(self, path: str, **sent) -> httpx.Response:
        return self.request("POST", path, **sent)

    async def _request(self, method: str, path: str, follow_redirects: bool = True, **sent) -> httpx.Response:
        transport = httpx.ASGITransport(self._application, raise_app_exceptions=True)
        async with httpx.AsyncClient(
            transport=transport, base_url=self.base, cookies=self.cookies, follow_redirects=follow_redirects
        ) as client:
            answer = await client.request(method, path, **sent)
            self.cookies = client.cookies
            return answer
