"""The headers of every answer, of whatever door: what an answer does not say itself is said for it."""

from collections.abc import Iterable

from patientoverblik.edges.guard.model import Guard

Raw = list[tuple[bytes, bytes]]
POLICY = b"content-security-policy"
FRAMES = b"x-frame-options"
NOTHING = b"default-src 'none'; base-uri 'none'; form-action 'none'"
A_YEAR = 31_536_000
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
)


def always(guard: Guard) -> tuple[tuple[bytes, bytes], ...]:
    """What is said where an answer says nothing of it; over TLS that it is to stay so for a year."""
    strict = f"max-age={A_YEAR}; includeSubDomains".encode()
    return (*ALWAYS, (b"strict-transport-security", strict)) if guard.secure else ALWAYS


def frames(guard: Guard) -> bytes:
    """Who may frame: nobody, unless hosts are configured."""
    return b"frame-ancestors " + (" ".join(("'self'", *guard.frame_hosts)).encode() if guard.frame_hosts else b"'none'")


def completed(said: Iterable[tuple[bytes, bytes]], guard: Guard) -> Raw:
    """An answer's headers with all that every answer says."""
    found = [(name.lower(), value) for name, value in said if name.lower() != b"server"]
    names = dict(found)
    found += [(name, value) for name, value in always(guard) if name not in names]
    policy = names.get(POLICY, NOTHING)
    if b"frame-ancestors" not in policy:
        found = [(name, value) for name, value in found if name != POLICY]
        found.append((POLICY, policy + b"; " + frames(guard)))
        if FRAMES not in names and not guard.frame_hosts:
            found.append((FRAMES, b"DENY"))
    return found
