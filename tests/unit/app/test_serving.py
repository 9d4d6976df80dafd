"""What is done once before the first request."""

import gc
import socket

from patientoverblik.app.serving import settle
from patientoverblik.app.settings import Settings
from patientoverblik.app.workers import listen, port_is_free


def test_settling_takes_what_is_loaded_out_of_the_collectors_sight():
    try:
        settle()
        assert gc.get_freeze_count() > 1000
        assert len(gc.get_objects()) < 1000
    finally:
        gc.unfreeze()


def test_a_port_is_held_from_the_moment_it_is_asked_for():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = Settings(port=other.getsockname()[1])
        assert listen(settings) is None
        assert not port_is_free(settings)
    assert port_is_free(settings)
