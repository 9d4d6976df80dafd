"""What is said above a look that is shown again: whose it was, when, and what cannot be as it was."""

from patientoverblik.edges.portal.dates import instant_text
from patientoverblik.edges.portal.words import joined
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.model import Replayed


def replayed_text(answer: Replayed) -> tuple[str, ...]:
    """One sentence on the look, and one for each way in which it cannot be shown as it was."""
    actor = answer.original.actor
    who = joined((actor.name, actor.organisation.name if actor.organisation else ""), ", ") or "en anden"
    changed = dict.fromkeys(CATALOGUE[each.code].da for each in answer.changed)
    exact = () if answer.exact else ("Ikke alt er helt, som det var:", *[f"{text}." for text in changed])
    return (f"Sådan så det ud for {who}, {instant_text(answer.original.at)}.", *exact)
