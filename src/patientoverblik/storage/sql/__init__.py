"""The statements of every port, once, as SQLite and PostgreSQL both understand them; what differs between the two is in
their own folders: connections, schema, and how rows come to lie together.

A new port method is a method here, a numbered file in ``sqlite/migrations`` and one in ``postgres/migrations``.
"""
