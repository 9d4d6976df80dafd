"""Where the overview is opened and served inside record systems."""

ROOT = "/indlejret"
START = f"{ROOT}/start"
SMART = f"{ROOT}/smart"
LOGOUT = f"{ROOT}/log-ud"
COMPONENT = f"{ROOT}/samlet-patientoverblik.js"
STAY, END = "/bliv", "/slut"
# Those that begin, finish or end a login, counted as such at the gate.
ENTRANCES = frozenset({START, SMART, LOGOUT})


def answer_path(system: str) -> str:
    """Where the login of one record system sends the browser back to: each its own, so that one that lies about who
    answered is found out (RFC 9700 §4.4)."""
    return f"{SMART}/{system}/svar"
