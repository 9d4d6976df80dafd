"""TLS of the server by the settings: 1.2 and 1.3, with the ciphers of the machine's OpenSSL.

A changed certificate is taken at the next start.
"""

from typing import Any

from patientoverblik.app.settings import Settings
from patientoverblik.app.tls_faults import CLIENTS


def tls_options(settings: Settings) -> dict[str, Any]:
    """What the server is given for TLS; nothing where it serves without."""
    if not settings.tls_certificate:
        return {}
    options: dict[str, Any] = {
        "ssl_certfile": settings.tls_certificate,
        "ssl_keyfile": settings.tls_key,
        "ssl_cert_reqs": CLIENTS[settings.tls_clients],
    }
    return options | ({"ssl_ca_certs": settings.tls_client_ca} if settings.tls_client_ca else {})
