"""The task study: five fixed facts of three demo patients, found in the overview and found in the documents one by one.

``python -m tools.study`` walks both ways in a real browser by the same rules and writes the table of docs/study.md;
the rules stand there too.
"""
