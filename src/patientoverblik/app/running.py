"""How the program runs, in settings: database, address, TLS, workers, limits, clock, trail, retention and feeds."""

from typing import Annotated

import msgspec
from msgspec import Meta

DEMO_DATABASE = "sqlite:///var/demo.sqlite3"
TEST_COMMUNITY = "1.2.208.176.43210.8.10"
TEST_REPOSITORY = f"{TEST_COMMUNITY}.11"


class Running(msgspec.Struct, frozen=True):
    """What an installation's operators set; one that names no database of its own is the demo."""

    database: Annotated[
        str,
        Meta(
            description="where the documents are kept: `sqlite:///path` (relative to the working folder, or "
            "absolute with four slashes), `postgresql://user@host/name` (`docs/scaling.md`; the password belongs in "
            "`PGPASSFILE`), or `memory:`, which is gone when the program ends"
        ),
    ] = DEMO_DATABASE
    home_community: Annotated[
        str,
        Meta(
            description="the OID of the community this service is of (homeCommunityId); unset, one for tests, which an "
            "installation of its own replaces before its first document"
        ),
    ] = TEST_COMMUNITY
    repository_id: Annotated[
        str,
        Meta(
            description="the OID of the repository documents are kept in (repositoryUniqueId), which stands in every "
            "entry from then on; unset, one for tests, as above"
        ),
    ] = TEST_REPOSITORY
    host: Annotated[str, Meta(description="the address the pages are served on")] = "127.0.0.1"
    port: Annotated[int, Meta(description="the port the pages are served on, 1 to 65535")] = 8080
    demo: Annotated[
        bool,
        Meta(
            description="`true` allows the test login and the test people; where no database is named it is "
            "`true`, with a database of one's own it is `false` unless asked for"
        ),
    ] = False
    secure_cookies: Annotated[
        bool, Meta(description="`true` sends the session's cookie over HTTPS only; set it wherever HTTPS is in front")
    ] = False
    hosts: Annotated[
        str,
        Meta(
            description="names people and systems reach the service by, with commas between them; `localhost`, the "
            "served address and the host of `BASE_URL` always count, and any other `Host` is refused"
        ),
    ] = ""
    frame_hosts: Annotated[
        str,
        Meta(
            description="origins (`https://portal.example`) whose pages may frame ours, with commas between them; they "
            "must be of the same site, or the session's cookie does not come along; without it nobody may"
        ),
    ] = ""
    proxies: Annotated[
        str,
        Meta(
            description="networks of the reverse proxies in front (`10.0.0.0/8`), with commas between them, whose "
            "`X-Forwarded-For` and `-Proto` are believed; else `FORWARDED_ALLOW_IPS`, else this machine alone"
        ),
    ] = ""
    tls_certificate: Annotated[
        str,
        Meta(
            description="the file of the certificate chain (PEM) to serve HTTPS with; without it, and without a proxy "
            "that ends TLS, an installation other than the demo is served to this machine alone"
        ),
    ] = ""
    tls_key: Annotated[str, Meta(description="the file of that certificate's private key (PEM, no password)")] = ""
    tls_client_ca: Annotated[
        str, Meta(description="a file of certificates (PEM) that callers' client certificates are trusted by")
    ] = ""
    tls_clients: Annotated[
        str,
        Meta(description="`none`, `asked` or `required`: whether callers show a client certificate"),
    ] = "none"
    workers: Annotated[
        int,
        Meta(description="how many workers this program serves with, 1 to 1000; each has its share of the limits"),
    ] = 1
    machines: Annotated[
        int, Meta(description="how many such programs serve this database together, 1 to 1000; they share the limits")
    ] = 1
    drain_seconds: Annotated[
        int,
        Meta(
            description="how long a worker that was told to end goes on serving while `/ready` says no, for a load "
            "balancer to notice, 0 to 600"
        ),
    ] = 0
    metrics_from: Annotated[
        str,
        Meta(
            description="networks (`10.0.0.0/8`) that may read `/metrics`, with commas between them, or `none`; to "
            "others there is no such address"
        ),
    ] = "127.0.0.0/8,::1/128"
    log_form: Annotated[
        str, Meta(description="`text` or `json`: how the lines of the log are written (`docs/operation.md`)")
    ] = "text"
    limit_at_once: Annotated[
        int,
        Meta(description="requests a worker answers at once; more are told to come again (503); `0` for no limit"),
    ] = 100
    limit_actor: Annotated[
        int,
        Meta(description="requests a minute of somebody logged in or with a token; `0` for no limit"),
    ] = 600
    limit_address: Annotated[
        int, Meta(description="requests a minute from one source address by callers not known")
    ] = 1200
    limit_entry: Annotated[
        int,
        Meta(description="of these, those that begin or finish a login or ask for a token, by all workers together"),
    ] = 240
    limit_bodies: Annotated[
        int,
        Meta(description="messages at once from senders a worker does not know yet; half of them from one address"),
    ] = 64
    limit_body_megabytes: Annotated[
        int, Meta(description="how much they may be together, in megabytes; at least twice `MESSAGE_MEGABYTES`")
    ] = 400
    limit_search: Annotated[
        int, Meta(description="requests a minute that name a patient by number, for each who asks")
    ] = 60
    time_source: Annotated[
        str,
        Meta(
            description="an https address whose `Date` header the machine's clock is held against every quarter of an "
            "hour; without it the clock is held against itself and the database alone"
        ),
    ] = ""
    trail_key: Annotated[
        str,
        Meta(
            description="the file of the private key (Ed25519, PEM, readable by its owner alone) that signs the "
            "checkpoints of the security trail; without one the trail is linked but not signed; the demo makes one "
            "beside its database"
        ),
    ] = ""
    lock_key: Annotated[
        str,
        Meta(
            description="a file of 32 bytes or more, readable by its owner alone, that what others entrust to us is "
            "encrypted with in the database (the `Authorization` header of a subscriber); without one a subscription "
            "with a header is refused; the demo's follows from the key of its trail"
        ),
    ] = ""
    trail_public_keys: Annotated[
        str,
        Meta(description="a folder of public keys (`*.pem`) that checkpoints of earlier years are signed with"),
    ] = ""
    trail_witness: Annotated[
        str,
        Meta(
            description="a file, best on another machine's disk, that remembers each checkpoint outside the database, "
            "so that removed checkpoints are found too"
        ),
    ] = ""
    trail_minutes: Annotated[
        int, Meta(description="how often the security trail is sealed by a checkpoint, in minutes")
    ] = 5
    trail_events: Annotated[
        int,
        Meta(description="the security trail is sealed early when this many chains have grown since the checkpoint"),
    ] = 1000
    trail_keep_days: Annotated[
        int,
        Meta(
            description="entries of the security trail older than this many days are removed by `trail remove-old` "
            "behind a signed anchor; `0` keeps them for ever"
        ),
    ] = 0
    looks_keep_days: Annotated[
        int, Meta(description="looks in the citizen's log are forgotten after this many days; `0` keeps them for ever")
    ] = 0
    evidence_keep_days: Annotated[
        int,
        Meta(
            description="relations, powers, custody, guardians, protection, blocks and consents are forgotten this "
            "many days after they ended; `0` keeps them for ever"
        ),
    ] = 0
    follow_ups_keep_days: Annotated[
        int,
        Meta(
            description="follow-ups and notices are forgotten this many days after they were answered or seen, and "
            "the openings of overrides after they ended; `0` keeps them for ever"
        ),
    ] = 0
    use_keep_days: Annotated[
        int, Meta(description="use events are forgotten after this many days; `0` keeps them for ever")
    ] = 0
    system_name: Annotated[
        str, Meta(description="what this system calls itself to services it tells of looks, at most 25 characters")
    ] = "Patientoverblik"
    minlog_url: Annotated[
        str,
        Meta(description="the address of MinLog2, which is told of every look; without it nothing is told"),
    ] = ""
    minlog_seconds: Annotated[
        int, Meta(description="how many seconds lie between two deliveries to MinLog2 (at most 500 looks in each)")
    ] = 180
    atna_syslog: Annotated[
        str,
        Meta(description="`HOST:PORT` of an audit record repository that is told of every event by syslog over TLS"),
    ] = ""
    atna_fhir_url: Annotated[
        str, Meta(description="the FHIR base address of an audit record repository that is told of every event")
    ] = ""
    feed_ca: Annotated[
        str, Meta(description="a file of certificates (PEM) that receivers are trusted by; else the machine's own")
    ] = ""
    feed_certificate: Annotated[
        str, Meta(description="a file with our client certificate (PEM) for receivers that ask for one")
    ] = ""
    feed_key: Annotated[str, Meta(description="the file of that certificate's private key (PEM)")] = ""
    use_file: Annotated[
        str,
        Meta(description="a file that use events are written to, for benefit figures; without it there are none"),
    ] = ""
