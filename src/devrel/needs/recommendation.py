"""Which kind fits a need, why, and when to turn to somebody else first."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill

from attrs import field, frozen

from devrel._display import html_table, printable, text_table
from devrel._records import a, as_tuple, tuple_of
from devrel.errors import DevrelError, InvalidValue
from devrel.kinds import KINDS, KindRegistry, RelationshipKind
from devrel.needs.aspects import Aspect, share
from devrel.needs.judges import remote, stated, unasked
from devrel.needs.need import Need
from devrel.needs.referrals import Referral, referrals_for


@frozen
class Fit:
    """How well one kind fits a need, and why.

    Attributes:
        kind: The kind.
        fit: How well it fits, from 0 to 1; a half where nothing is stated that tells kinds apart.
        speaks_for: What speaks for it.
        speaks_against: What speaks against it, what nobody asked for included.

    >>> from devrel.kinds import COACHING
    >>> from devrel.needs import Need, WhoDirects
    >>> print(recommend(Need(directs=WhoDirects.ONESELF), [COACHING]).best.speaks_for[0])
    the coachee directs, as wished (utah-ucan)
    """

    kind: RelationshipKind = field(repr=str, validator=a(RelationshipKind))
    fit: float = field(validator=share)
    speaks_for: tuple[Aspect, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(Aspect))
    speaks_against: tuple[Aspect, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(Aspect))


@frozen(repr=False)
class Recommendation:
    """The kinds ranked for one need, and whom else to turn to.

    No repr shows a referral, the one of a notebook included, because a referral may tell of distress or a dispute;
    ``to_text`` is for the person who has the need and shows them first.

    Attributes:
        fits: One fit a kind, the best first.
        referrals: Whom else to turn to, the most pressing first.

    >>> from devrel.needs import Ask, Need
    >>> recommend(Need(ask=Ask.QUESTION))
    <Recommendation: advising 1.00, first of 15 kinds>
    """

    fits: tuple[Fit, ...] = field(converter=as_tuple, validator=tuple_of(Fit))
    referrals: tuple[Referral, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Referral))

    def __attrs_post_init__(self) -> None:
        if not self.fits:
            raise InvalidValue("fits", "must have a kind at least")

    @property
    def best(self) -> Fit:
        """The fit of the kind that fits best."""
        return self.fits[0]

    @property
    def neutral(self) -> bool:
        """Whether nothing was stated, so that every kind fits alike."""
        return not any(fit.speaks_for or fit.speaks_against for fit in self.fits)

    def to_text(self, width: int = 100, *, top: int | None = None) -> str:
        """Return the referrals, then the kinds with their reasons, the weightiest reasons first.

        Args:
            width: The columns of the text, at most.
            top: How many kinds to show; all unless given.
        """
        paragraphs = [fill(printable(str(referral)), width, break_on_hyphens=False) for referral in self.referrals]
        if self.neutral:
            paragraphs.append(fill(_NEUTRAL, width))
        return "\n\n".join([*paragraphs, text_table(_HEADER, self._rows[:top], width=width)])

    @property
    def _rows(self) -> list[list[str]]:
        return [
            [fit.kind.name, f"{fit.fit:.2f}", _listed(fit.speaks_for), _listed(fit.speaks_against)] for fit in self.fits
        ]

    def __str__(self) -> str:
        """Return the recommendation as plain text."""
        return self.to_text()

    def __repr__(self) -> str:
        """Return the best kind in short, and nothing of the need."""
        return f"<Recommendation: {self.best.kind} {self.best.fit:.2f}, first of {len(self.fits)} kinds>"

    def _repr_html_(self) -> str:
        caption = "Which kind fits (whom else to turn to: see to_text)"
        return html_table(_HEADER, self._rows, caption=f"{caption}. {_NEUTRAL}" if self.neutral else caption)


_HEADER = ("kind", "fit", "speaks for it", "speaks against it")
_NEUTRAL = "Nothing is stated that tells kinds apart, so every kind fits alike."


def _listed(aspects: Iterable[Aspect]) -> str:
    return "; ".join(map(str, aspects))


def known_once(kinds: Iterable[RelationshipKind]) -> tuple[RelationshipKind, ...]:
    """Return the kinds, each once and in order; refuse none at all."""
    known = tuple(KindRegistry(kinds))
    if not known:
        raise DevrelError("there is nothing to recommend: name at least one kind")
    return known


def _fit(need: Need, kind: RelationshipKind) -> Fit:
    """Return the mean share of the stated aspects, weighted; what nobody asked for joins with a share of 0."""
    if need.empty:
        return Fit(kind, _NEITHER)
    asked = stated(need, kind)
    weighed = sorted([*asked, *remote(need, kind), *unasked(need, kind)], key=lambda one: -one.weight)
    counted = [(one.share, one.weight) for one in weighed]
    if not any(one.weight for one in asked):
        counted.append((_NEITHER, 1))
    fit = sum(part * weight for part, weight in counted) / sum(weight for _, weight in counted)
    return Fit(
        kind,
        fit,
        tuple(one.aspect for one in weighed if one.share >= _NEITHER),
        tuple(one.aspect for one in weighed if one.share < _NEITHER),
    )


_NEITHER = 0.5


def recommend(need: Need, kinds: Iterable[RelationshipKind] = KINDS) -> Recommendation:
    """Return which kinds fit a need, the best first, each with what speaks for it and against it.

    Every stated aspect of the need is compared with one facet of the kind and agrees from 0 to 1; the fit is their
    weighted mean. What makes a kind special without being asked for (a group, the own manager, one session) counts
    a little against it. Kinds that fit alike stay in the order given. Signs of distress or of a dispute change no
    fit; they refer to somebody else (learning-development).

    Args:
        need: What is needed.
        kinds: The kinds to choose from, kinds of one's own among them.

    Raises:
        InvalidValue: When the need is none, or two different kinds have one name.
        DevrelError: When no kind is given.

    >>> from devrel.kinds import Horizon
    >>> from devrel.needs import Ask, Need
    >>> [fit.kind.name for fit in recommend(Need(ask=Ask.BROAD, horizon=Horizon.FUTURE_ROLE)).fits[:1]]
    ['mentoring']
    """
    if not isinstance(need, Need):
        raise InvalidValue("need", "must be a Need")
    fits = [_fit(need, kind) for kind in known_once(kinds)]
    return Recommendation(sorted(fits, key=lambda fit: -fit.fit), referrals_for(need))
