"""Public holidays, so that nobody is told that an office opens on one of them. Pure.

Only whole days on which the law lets offices close are listed; many offices work on some of them, so a day in the list means that nobody
knows, not that all is closed. Days that a government adds or moves for one year (bridges, elections' eves, days of mourning) are not known
here, nor those of one town: the feast of a patron saint, Ash Wednesday in some places.

By these laws: US 5 U.S.C. 6103 and Executive Order 11582; Mexico Ley Federal del Trabajo, art. 74; Guatemala Codigo de Trabajo, art. 127,
and Decreto 19-2018 (30 June goes to a Monday); Honduras Codigo del Trabajo, art. 339, and Decreto 75-2014 (Semana Morazanica); El Salvador
Codigo de Trabajo, art. 190; Nicaragua Codigo del Trabajo, art. 66; Belize Holidays Act, cap. 289; Costa Rica Codigo de Trabajo, art. 148.
The dates of the six Central American countries were compared with the public calendars in https://github.com/vacanza/holidays (older
versions for Honduras and Nicaragua); those of Mexico and the US were not. Nobody has asked the offices.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, timedelta

_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6
_WEEK = timedelta(7)


def public_holidays(country: str, day: date) -> frozenset[date]:
    """The holidays of the country around that day: its year, the one before and the one after; empty for a country that is not known."""
    of = _COUNTRIES.get(country)
    return frozenset().union(*(_year(of, day.year + step) for step in (-1, 0, 1))) if of else frozenset()


@functools.lru_cache(maxsize=64)
def _year(of: Callable[[int], set[date]], year: int) -> frozenset[date]:
    return frozenset(of(year))


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the Gregorian computus of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _united_states(year: int) -> set[date]:
    """Each holiday, and the working day on which offices keep it when it falls on a weekend."""
    days = _dates(year, (1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
    # King, Presidents, Labor, Columbus, Thanksgiving; Memorial Day.
    days |= {
        _nth(year, 1, _MONDAY, 3),
        _nth(year, 2, _MONDAY, 3),
        _nth(year, 9, _MONDAY, 1),
        _nth(year, 10, _MONDAY, 2),
    }
    days |= {_nth(year, 11, _THURSDAY, 4), _nth(year, 6, _MONDAY, 1) - _WEEK}
    days |= {day - timedelta(1) for day in days if day.weekday() == _SATURDAY}
    days |= {day + timedelta(1) for day in days if day.weekday() == _SUNDAY}
    return days


def _mexico(year: int) -> set[date]:
    """Three are kept on a Monday; a president takes office every six years. Many offices close on Holy Thursday and Friday too."""
    days = _dates(year, (1, 1), (5, 1), (9, 16), (12, 25))
    days |= {_nth(year, 2, _MONDAY, 1), _nth(year, 3, _MONDAY, 3), _nth(year, 11, _MONDAY, 3)}
    if year >= 2024 and (year - 2024) % 6 == 0:
        days.add(date(year, 10, 1))
    return days | _holy(year, -3, -2)


def _guatemala(year: int) -> set[date]:
    """30 June moves to a Monday, 20 October did: the day and the Monday are in doubt. With half days, and the capital's 15 August."""
    days = _dates(year, (1, 1), (5, 1), (6, 30), (8, 15), (9, 15), (10, 20), (11, 1), (12, 24), (12, 25), (12, 31))
    days |= {*_mondays(date(year, 6, 30)), *_mondays(date(year, 10, 20))}
    return days | _holy(year, -4, -3, -2, -1)  # Wednesday from noon


def _honduras(year: int) -> set[date]:
    """The three October days are kept as the Semana Morazanica, Wednesday to Friday or so of the first week of the month."""
    days = _dates(year, (1, 1), (4, 14), (5, 1), (9, 15), (10, 3), (10, 12), (10, 21), (12, 25))
    first_wednesday = _nth(year, 10, 2, 1)
    days |= {first_wednesday + timedelta(step) for step in range(4)}
    return days | _holy(year, -3, -2, -1)


def _el_salvador(year: int) -> set[date]:
    """The August feasts: the law names 6 August, in the capital also 3 and 5; public offices close from the 1st to the 6th."""
    days = _dates(year, (1, 1), (5, 1), (5, 10), (6, 17), (9, 15), (11, 2), (12, 25))
    days |= {date(year, 8, day) for day in range(1, 7)}
    return days | _holy(year, *range(-7, 1))  # public offices close the whole week


def _nicaragua(year: int) -> set[date]:
    """With the feast of Managua (1 and 10 August)."""
    days = _dates(year, (1, 1), (2, 1), (5, 1), (7, 19), (8, 1), (8, 10), (9, 14), (9, 15), (12, 8), (12, 25))
    return days | _holy(year, *range(-7, 1))


def _belize(year: int) -> set[date]:
    """A day that falls on a Sunday, and some in the midst of a week, move to a Monday: both are in doubt."""
    days = _dates(
        year, (1, 1), (1, 15), (3, 9), (5, 1), (5, 24), (8, 1), (9, 10), (9, 21), (10, 12), (11, 19), (12, 25), (12, 26)
    )
    days |= {monday for day in days for monday in _mondays(day)}
    return days | _holy(year, -2, -1, 1)


def _costa_rica(year: int) -> set[date]:
    """Some moved to a Monday until 2024."""
    days = _dates(year, (1, 1), (4, 11), (5, 1), (7, 25), (8, 2), (8, 15), (8, 31), (9, 15), (12, 1), (12, 25))
    return days | _holy(year, -3, -2)


_COUNTRIES: dict[str, Callable[[int], set[date]]] = {
    "US": _united_states,
    "MX": _mexico,
    "GT": _guatemala,
    "HN": _honduras,
    "SV": _el_salvador,
    "NI": _nicaragua,
    "BZ": _belize,
    "CR": _costa_rica,
}


def _dates(year: int, *days: tuple[int, int]) -> set[date]:
    return {date(year, month, day) for month, day in days}


def _holy(year: int, *steps: int) -> set[date]:
    """Days so many days from Easter Sunday: -3 is Holy Thursday."""
    return {easter(year) + timedelta(step) for step in steps}


def _mondays(day: date) -> set[date]:
    """The Monday to which such a day goes: the one before a Tuesday or Wednesday, after a Friday or the weekend; of a Thursday either."""
    before = day - timedelta(day.weekday())
    after = before + _WEEK
    return {before} if day.weekday() < _THURSDAY else {before, after} if day.weekday() == _THURSDAY else {after}


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (which - 1))
