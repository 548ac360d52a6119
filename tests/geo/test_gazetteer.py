"""A place as people type it, over the real communes."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from geo import revisions
from geo.folding import fold
from geo.gazetteer import CONFIDENT, CommuneEntry, Gazetteer, find_place, gazetteer
from geo.place_index import EXACT, FORMER, HEAD, LOOSE, PREFIX, TYPO, allowed_typos
from geo.points import Position

HOSTILE = [
    *["x" * 200, "saint " * 33, "a " * 100, "41100 " * 33, "ﷺ" * 200, "de " * 66 + "x", "la ville de " * 16, "(" * 200],
    *["\x00" * 200, "st s s s/s " * 18, "loir et cher " * 15, "cedex 1 " * 25, "é" * 200, "\ud800" * 200, "a-" * 100],
]


_built: list[Gazetteer] = []


@pytest.fixture
def places(communes) -> Gazetteer:
    """Built once for the module: nothing here changes the communes."""
    if not _built:
        _built.append(gazetteer())
    return _built[0]


@pytest.fixture(scope="module")
def small() -> Gazetteer:
    """A gazetteer made by hand, where the test decides who is populous."""

    def entry(code: str, name: str, population: int, postcode: str, **former: str) -> CommuneEntry:
        names = (tuple(key[1:] for key in former), tuple(former.values()))
        return CommuneEntry(code, name, code[:2], None, (postcode,), population, Position(1.0, 47.0), *names)

    return Gazetteer(
        [
            entry("41001", "Villeneuve", 100, "41100"),
            entry("18001", "Villeneuve", 900, "18100"),
            entry("18002", "Bourg-Neuf", 50, "18100", _18003="Villeneuve"),
            entry("45001", "Grand-Lieu", 5000, "45100", _45002="Petit-Lieu"),
        ],
        {"18": "Cher", "41": "Loir-et-Cher", "45": "Loiret"},
        {"200000001": "CC du Test"},
    )


# --- find ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("Vendôme", "41269"), ("vendome", "41269"), ("VENDOME 41", "41269"), ("41 Vendôme", "41269")],
        *[("41100 Vendôme", "41269"), ("Vendôme 41100", "41269"), ("Vendôme (41)", "41269")],
        *[("Vendôme, Loir-et-Cher", "41269"), ("St Amand Montrond", "18197")],
        *[("Saint-Amand-Montrond", "18197"), ("La Chapelle s/ Loire", "37058"), ("Selles/Cher", "41242")],
        *[("SELLES SUR CHER", "41242"), ("à Blois", "41018"), ("près de Blois", "41018")],
        *[("autour de Tours", "37261"), ("la ville de Tours", "37261")],
        *[("centre ville de Blois", "41018"), ("near Blois", "41018"), ("Blois, France", "41018")],
        *[("Tours", "37261"), ("ORLEANS CEDEX 2", "45234"), ("28404 Nogent-le-Rotrou Cedex", "28280")],
        *[("Le Blanc", "36018"), ("blanc", "36018"), ("La Ville-aux-Clercs", "41275")],
        *[("ville aux clercs", "41275"), ("joué-lez-tours", "37122"), ("Vineuil", "41295")],
        *[("Vineuil 36", "36247"), ("Vineuil, Indre", "36247"), ("36110 Vineuil", "36247")],
        *[("41000 Vendôme", "41269")],
    ],
)
def test_finds_the_commune_that_is_named(places, text, code):
    best = places.find(text)[0]
    assert (best.kind, best.code) == ("commune", code)
    assert best.score >= CONFIDENT
    assert best.position == places.commune(code).position
    assert best.departement == code[:2]


@pytest.mark.parametrize(
    ("text", "code", "score"),
    [
        ("Cloyes", "28103", HEAD),
        ("Cloyes-sur-le-Loir", "28103", FORMER),
        ("bloi", "41018", PREFIX),
        ("Chateaurou", "36044", PREFIX),
        ("chateauroxu", "36044", TYPO),
        ("Romorentin", "41194", TYPO),
        ("Selle sur Cher", "41242", TYPO),
        ("chateaurenault", "37063", TYPO),
        ("Orlaens", "45234", TYPO),
    ],
)
def test_finds_what_is_not_quite_named(places, text, code, score):
    best = places.find(text)[0]
    assert (best.code, best.score) == (code, score)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("Loir-et-Cher", "41"), ("loir et cher", "41"), ("LOIR & CHER", "41"), ("Loire et Cher", "41")],
        *[("41", "41"), ("18", "18"), ("le Cher", "18"), ("dans le Cher", "18"), ("Cher (18)", "18")],
        *[("departement du Loiret", "45"), ("le département de l'Indre", "36"), ("Indre", "36")],
        *[("indre-et-loire", "37")],
    ],
)
def test_finds_the_departement(places, text, code):
    best = places.find(text)[0]
    assert (best.kind, best.code, best.position) == ("departement", code, None)
    assert best.name == places.departements[code]


def test_a_postcode_stands_where_its_most_populous_commune_is(places):
    (best,) = places.find("41100")
    assert (best.kind, best.code, best.name) == ("postcode", "41100", "41100 Vendôme")
    assert best.position == places.commune("41269").position
    assert places.find("41 100") == [best]


def test_a_beginning_of_a_postcode_gives_those_that_go_on(places):
    found = places.find("411", limit=50)
    assert found
    assert all(place.kind == "postcode" and place.code.startswith("411") for place in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "y",
        "s",
        "xyzzy",
        "Sologne",
        "Touraine",
        "Paris",
        "75001",
        "28404",
        "99",
        "2A",
        "४१",
        "12 rue du Change",
    ],
)
def test_finds_nothing_where_nothing_fits(places, text):
    assert places.find(text) == []


def test_a_complement_names_no_place(places):
    """26 communes lie "sur Loire"; the river is none of them."""
    assert not [place for place in places.find("Loire", limit=100) if place.name.endswith("-sur-Loire")]


def test_every_commune_is_found_by_its_own_name(places):
    """Also in capitals without accents, as files have it, and with its département first or last."""
    for entry in places.entries:
        for text in (entry.name, fold(entry.name).upper(), f"{entry.name} ({entry.departement})"):
            found = places.find(text, limit=20)
            assert entry.code in {place.code for place in found if place.score == EXACT}, text


def test_a_typo_never_beats_a_name_spelt_as_typed():
    """Two towns a letter apart, the other a thousand times larger, also where the postcode is the larger one's."""
    small = CommuneEntry("41001", "Borges", "41", None, ("41100",), 60, Position(1.0, 47.0))
    large = CommuneEntry("18033", "Bourges", "18", None, ("18000",), 65_000, Position(2.4, 47.1))
    places = Gazetteer([large, small], {"18": "Cher", "41": "Loir-et-Cher"})
    for text in ("Borges", "Borges 41", "Borges 18", "18000 Borges"):
        assert places.find(text)[0].code == small.code, text
    assert places.resolve_commune("Borges", "18000").entry == small
    for text in ("Bourgse", "Bouges"):
        assert places.find(text)[0].code == large.code, text


@pytest.mark.parametrize(("length", "typos"), [(1, 0), (4, 0), (5, 1), (8, 1), (9, 2), (40, 2)])
def test_short_names_need_be_exact(length, typos):
    assert allowed_typos(length) == typos


def test_population_decides_between_namesakes_and_a_hint_before_it(small):
    assert [place.code for place in small.find("Villeneuve")] == ["18001", "41001", "18002"]
    assert small.find("Villeneuve 41")[0].code == "41001"
    assert small.find("41100 Villeneuve")[0].code == "41001"
    assert small.find("Villeneuve, Loir-et-Cher")[0].code == "41001"
    assert small.find("Villeneuve")[2].score == FORMER


def test_an_exact_name_elsewhere_stays_above_a_typo_here(small):
    best = small.find("Villeneuve 45")[0]
    assert best.code == "18001"
    assert LOOSE > best.score > TYPO


def test_words_that_fit_nothing_leave_the_postcode(small):
    best = small.find("45100 Bidule")[0]
    assert (best.kind, best.code, best.score) == ("postcode", "45100", 0.5)


def test_former_codes_give_the_successor(small):
    assert small.commune("45002") is small.commune("45001")
    assert small.commune("99999") is None
    assert small.epcis == {"200000001": "CC du Test"}


def test_the_same_text_gives_the_same_answer(places):
    again = Gazetteer(reversed(places.entries), places.departements, places.epcis)
    for text in ("saint", "Vineuil", "la", "ferte", "Borges", "bourg 18", "411", "mont"):
        assert places.find(text) == again.find(text)
        assert [place.score for place in places.find(text)] == sorted(
            (p.score for p in places.find(text)), reverse=True
        )


def test_limits_are_kept(places):
    assert len(places.find("saint", limit=3)) == 3
    assert places.find("saint", limit=0) == []
    assert places.find("saint", limit=-1) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_costs_little(places, text):
    began = time.thread_time()  # of this thread alone: other work on the machine does not count
    places.find(text)
    places.resolve_commune(text, text[:20])
    places.split_address(text)
    assert time.thread_time() - began < 0.05  # 1.6 ms at most when measured


@given(st.text(max_size=300))
def test_any_text_is_answered(text):
    """Without the fixture on purpose: hypothesis and a database rollback do not mix."""
    places = _any_gazetteer()
    for place in places.find(text):
        assert 0 < place.score <= 1
    places.resolve_commune(text, text)
    street, match = places.split_address(text)
    assert street in text
    assert (match.entry is not None) == (match.status == "found")


def _any_gazetteer() -> Gazetteer:
    entries = [
        CommuneEntry("41269", "Vendôme", "41", None, ("41100",), 16_000, Position(1.06, 47.79)),
        CommuneEntry("18197", "Saint-Amand-Montrond", "18", None, ("18200",), 9_000, Position(2.5, 46.7)),
    ]
    return Gazetteer(entries, {"41": "Loir-et-Cher", "18": "Cher"})


def test_a_question_takes_far_less_than_a_millisecond(places):
    texts = [entry.name for entry in places.entries[:200]] + ["Romorentin", "St Denis 41", "le Cher", "41100", "sain"]
    times = []
    for text in texts:
        began = time.thread_time()
        places.find(text)
        times.append(time.thread_time() - began)
    assert sorted(times)[len(times) // 2] < 0.001  # 35 µs when measured


# --- The process's copy, and addresses --------------------------------------------------------------------------------
def test_the_copy_is_built_once_and_again_after_a_load(communes, django_assert_num_queries):
    first = gazetteer()
    with django_assert_num_queries(0):
        assert gazetteer() is first
    revisions.bump("coverage")  # another's
    assert gazetteer() is first
    revisions.bump("communes")
    assert gazetteer() is not first


def test_the_copy_holds_the_whole_region(places, communes):
    assert len(places.entries) == communes.count()
    assert places.departements == {code: places.departements[code] for code in settings.REGION["departements"]}
    assert all(entry.epci in places.epcis for entry in places.entries if entry.epci)


def test_a_place_named_clearly_needs_no_query(communes, django_assert_num_queries):
    gazetteer()
    with django_assert_num_queries(0):
        assert find_place("Vendôme")[0].code == "41269"


def test_an_address_never_geocoded_gives_its_commune_and_says_so(communes):
    best = find_place("12 rue du Change, 41100 Vendôme")[0]
    assert (best.kind, best.code) == ("commune", "41269")
    assert best.score < CONFIDENT
