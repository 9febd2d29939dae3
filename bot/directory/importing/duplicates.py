"""Organizations that may be one and the same: hints for a person to look at, never a reason to refuse. Pure.

Nothing is compared with everything: organizations meet only under the same number, host, address, or town and beginning of a
word of their name, so that 20,000 services are looked through in seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import cos, radians
from urllib.parse import urlsplit

from msgspec import Struct

from bot.directory.distance import KM_PER_DEGREE_OF_LATITUDE, distance_km
from bot.directory.fold import fold
from bot.directory.hsds.package import Package, Row
from bot.directory.importing.alike import LIKELY, Name, likeness, read_name
from bot.directory.importing.owners import Owners
from bot.directory.importing.records import phone_text

NEAR_KM = 2.0
CROWD = 60
"""So many under one key say nothing: a portal's host, the word "iglesia" in a capital."""
_WEIGHT = {"phone": 4.0, "name": 3.0, "website": 2.0, "address": 1.0}
_SHARED_HOSTS = (
    "facebook.com instagram.com twitter.com x.com youtube.com tiktok.com linktr.ee google.com sites.google.com wa.me linkedin.com"
).split()
_LETTERS = 4

Names = tuple[Name, ...]


class Duplicate(Struct, frozen=True):
    """``organizations``: ids, the first by name first. ``reasons``: why they may be one, in words. ``score``: the surest is highest."""

    organizations: tuple[str, ...]
    reasons: tuple[str, ...]
    score: float


class _Hint(Struct, frozen=True):
    """Organizations that share one thing. ``kind`` is one of _WEIGHT, ``value`` what is the same in them."""

    organizations: frozenset[str]
    kind: str
    value: str

    @property
    def words(self) -> str:
        return {
            "phone": f"the same phone {self.value}",
            "name": f"nearly the same name {self.value}",
            "website": f"the same website {self.value}",
            "address": f"the same address {self.value}",
        }[self.kind]


def duplicates(old: Package, new: Package) -> tuple[Duplicate, ...]:
    """What may be one organization in ``new`` and could not be seen in ``old`` already. The surest first."""
    known = set(_hints(old)) if any(old.rows("organization")) else set()
    together: dict[frozenset[str], list[_Hint]] = defaultdict(list)
    for hint in _hints(new):
        if hint not in known and not _one_family(hint.organizations, new):
            together[hint.organizations].append(hint)
    found = [_told(some, hints, new) for some, hints in together.items()]
    return tuple(sorted(found, key=lambda each: (-each.score, len(each.organizations), each.organizations)))


def _told(some: frozenset[str], hints: list[_Hint], package: Package) -> Duplicate:
    hints = sorted(hints, key=lambda hint: (-_WEIGHT[hint.kind], hint.value))
    # What many share says less of each two.
    score = sum(_WEIGHT[kind] for kind in {hint.kind for hint in hints}) / (len(some) - 1) ** 0.5
    by_name = sorted(some, key=lambda each: (_row(package, each)["name"], each))
    return Duplicate(tuple(by_name), tuple(hint.words for hint in hints), score)


def _one_family(some: Iterable[str], package: Package) -> bool:
    """Whether all are offices of one organization, or it and its offices."""
    heads = {_row(package, each)["parent_organization_id"] or each for each in some}
    return len(heads) == 1


def _row(package: Package, identifier: str) -> Row:
    return package.tables["organization"][identifier]


def _hints(package: Package) -> Iterator[_Hint]:
    owners = Owners(package)
    for kind, keys in (("phone", _phones(package, owners)), ("website", _hosts(package))):
        for value, some in keys.items():
            if 1 < len(some) <= CROWD:
                yield _Hint(frozenset(some), kind, value)
    doors = _doors(package, owners)
    yield from _same_address(doors)
    yield from _same_name(package, doors)


def _phones(package: Package, owners: Owners) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in package.rows("phone"):
        if owner := owners.of("phone", each):
            found[phone_text(each)].add(owner)
    return _known(found, package)


def _hosts(package: Package) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in package.rows("organization"):
        if host := _host(each["website"]):
            found[host].add(each["id"])
    return found


def _host(website: str) -> str:
    """The host without www; with the first part of the path where many organizations live on one host."""
    parts = urlsplit(website)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in _SHARED_HOSTS:
        return host
    first = next((part for part in parts.path.split("/") if part), "")
    return f"{host}/{first.lower()}" if first else ""


class _Door(Struct, frozen=True):
    organization: str
    address: str
    town: str
    point: tuple[float, float] | None


def _doors(package: Package, owners: Owners) -> list[_Door]:
    found = []
    addresses = package.by("address", "location_id")
    for each in package.rows("location"):
        owner = owners.of("location", each)
        if not owner or package.get("organization", owner) is None:
            continue
        point = (float(each["latitude"]), float(each["longitude"])) if each["latitude"] else None
        for address in addresses.get(each["id"], [None]):
            found.append(_Door(owner, _street(address), _town(address), point))
    return found


def _street(address: Row | None) -> str:
    """Street and town as written; the fold of it is the key. Empty where no house is named."""
    if address is None or not any(sign.isdigit() for sign in address["address_1"]):
        return ""
    return ", ".join(filter(None, (address["address_1"], address["address_2"], address["city"], address["country"])))


def _town(address: Row | None) -> str:
    if address is None or not address["city"]:
        return ""
    return f"{address['country']}/{fold(address['state_province'])}/{fold(address['city'])}"


def _same_address(doors: Iterable[_Door]) -> Iterator[_Hint]:
    found: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for door in doors:
        if key := fold(door.address):
            found[key].add(door.organization)
            # The first by its letters, so that the same directory is always told in the same words.
            written[key] = min(written.get(key, door.address), door.address)
    for key, some in found.items():
        if 1 < len(some) <= CROWD:
            yield _Hint(frozenset(some), "address", written[key])


def _same_name(package: Package, doors: Iterable[_Door]) -> Iterator[_Hint]:
    names = {each["id"]: _names(each) for each in package.rows("organization")}
    blocks: dict[tuple[str, str], set[str]] = defaultdict(set)
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    towns: dict[str, set[str]] = defaultdict(set)
    for door in doors:
        if door.point:
            points[door.organization].append(door.point)
        if door.town:
            towns[door.organization].add(door.town)
        for area in _areas(door):
            for part in _parts(names[door.organization]):
                blocks[area, part].add(door.organization)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        if not 1 < len(block) <= CROWD:
            continue
        for one, other in combinations(sorted(block), 2):
            if (one, other) in seen:
                continue
            seen.add((one, other))
            if not _alike(names[one], names[other]):
                continue
            if towns[one] & towns[other] or _near(points[one], points[other]):
                yield _Hint(frozenset((one, other)), "name", _where(towns[one] & towns[other]))


def _alike(ours: Names, theirs: Names) -> bool:
    return any(likeness(mine, other) >= LIKELY for mine in ours for other in theirs)


def _where(towns: Iterable[str]) -> str:
    return "in one town" if any(towns) else f"within {NEAR_KM:g} km"


def _names(organization: Row) -> Names:
    said = (organization[name] for name in ("name", "alternate_name", "name_es"))
    return tuple(read_name(name) for name in dict.fromkeys(said) if name)


def _parts(names: Names) -> set[str]:
    """Beginnings and ends of the telling words: one wrong letter leaves one of the two as it is."""
    words = {word for name in names for word in name.words}
    return {f"{word[:_LETTERS]}-" for word in words} | {f"-{word[-_LETTERS:]}" for word in words}


def _areas(door: _Door) -> Iterator[str]:
    """The town, and the squares of the map in which somebody within NEAR_KM is found too."""
    if door.town:
        yield door.town
    if door.point:
        # Squares of twice the distance: a point lies in one, and within the distance of up to three others.
        side = 2 * NEAR_KM / KM_PER_DEGREE_OF_LATITUDE
        north, east = door.point
        across = side / max(cos(radians(north)), 0.01)
        rows = {int((north + step * side / 2) // side) for step in (-1, 1)}
        columns = {int((east + step * across / 2) // across) for step in (-1, 1)}
        for row in rows:
            for column in columns:
                yield f"{row}:{column}"


def _near(ours: Iterable[tuple[float, float]], theirs: Iterable[tuple[float, float]]) -> bool:
    return any(distance_km(*one, *other) <= NEAR_KM for one in ours for other in theirs)


def _known(found: Mapping[str, set[str]], package: Package) -> dict[str, set[str]]:
    """Without organizations that are not in the package: the row of one may be wrong, and that is told already."""
    return {key: {each for each in some if package.get("organization", each)} for key, some in found.items()}
