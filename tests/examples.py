"""Which examples the property tests try: the same in every run, so that a green change stays green (ADR 26).

A test's settings take what they do not say themselves from the profile of the moment its module is read; this plugin is
read before any of them. ``--hypothesis-profile=search`` looks for new examples instead (``make search``).
"""

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", derandomize=False, deadline=None, print_blob=True, max_examples=500)
settings.load_profile("same")


def pytest_configure() -> None:
    """Keep what happens to be imported out of the same examples.

    Hypothesis mixes constants from the project's loaded modules into what it draws, derandomized or not: a new number
    in any room, or another order of the tests, would give other examples.
    """
    if settings().derandomize:
        providers._get_local_constants = lambda: providers._local_constants
