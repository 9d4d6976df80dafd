"""``python -m patientoverblik``: the same as the console entry."""

from patientoverblik.app.console import main

if __name__ == "__main__":
    main()
