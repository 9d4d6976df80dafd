"""Whom we trust when it is we who ask over TLS: what the machine trusts (``SSL_CERT_FILE`` for a root of one's own)."""

import ssl
from functools import lru_cache


@lru_cache(maxsize=1)
def machine_trust() -> ssl.SSLContext:
    """Verifies chain and host name by the machine's own store; read once."""
    return ssl.create_default_context()
