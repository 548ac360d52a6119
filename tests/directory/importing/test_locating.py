"""Which commune a row is in, and how far its point may lie from it: the edges of each rule."""

from __future__ import annotations

import pytest

from directory.models import PointOfSale
from geo.models import Commune
from geo.points import Position
from tests.builders import VENDOME, at
from tests.directory.importing.checking import codes, refused, taken

pytestmark = pytest.mark.django_db


class TestCommune:
    def test_a_wrong_postcode_is_kept_out_where_the_name_is_plain(self):
        candidate = taken(postcode="41033")
        assert (candidate.fields["commune"], candidate.fields["postcode"]) == (VENDOME, "41100")
        assert codes(candidate) == ["postcode_mismatch"]

    def test_a_postcode_that_lost_its_zero(self):
        # No commune of the région has one, so the padded code is another région's.
        assert refused(postcode="1800", commune="Bourg-en-Bresse").code == "outside_region"
        assert codes(taken(postcode="41100.0")) == ["postcode_cleaned"]

    @pytest.mark.parametrize(
        ("postcode", "commune", "code", "says"),
        [
            ("75011", "Paris", "outside_region", "75011 Paris"),
            ("75011", "Vendôme", "outside_region", "not in the région"),
            ("41100", "Xyzzy", "unknown_commune", "41100 Xyzzy"),
            ("", "Montoire sur le Lor", "unknown_commune", "the nearest name is Montoire-sur-le-Loir (41149)"),
            ("", "Romorantin les Bains", "unknown_commune", "the nearest name is Romorantin-Lanthenay (41194)"),
            ("", "Saint-Martin", "ambiguous_commune", "give the INSEE code"),
            ("41100", "", "ambiguous_commune", "Vendôme (41269)"),
            ("", "", "no_commune", "neither"),
        ],
    )
    def test_communes_that_are_not_found(self, postcode, commune, code, says):
        refusal = refused(postcode=postcode, commune=commune)
        assert refusal.code == code
        assert says in refusal.message

    def test_a_misspelt_name_with_its_postcode_is_taken_and_noted(self):
        candidate = taken(commune="Vandome")
        assert candidate.fields["commune"] == VENDOME
        assert codes(candidate) == ["commune_read_as"]

    def test_a_name_that_is_plain_is_believed_against_its_postcode(self):
        candidate = taken(commune="Blois", postcode="45000", lat_lon="")
        assert (candidate.fields["commune"], candidate.fields["postcode"]) == ("41018", "41000")
        assert codes(candidate) == ["postcode_mismatch"]

    def test_insee_codes_win_over_names(self):
        assert taken(mapping="generic", insee="41018", commune="Vendôme", postcode="").fields["commune"] == "41018"
        former = Commune.objects.exclude(former_codes=[]).first()
        candidate = taken(mapping="generic", insee=former.former_codes[0], postcode="")
        assert candidate.fields["commune"] == former.code
        assert "former_commune" in codes(candidate)

    @pytest.mark.parametrize(
        ("insee", "code"), [("75056", "outside_region"), ("41999", "unknown_commune"), ("x", "unknown_commune")]
    )
    def test_insee_codes_that_are_not_found(self, insee, code):
        assert refused(mapping="generic", insee=insee).code == code


# The extreme vertex of the contour and the bearing away from it: nothing of the commune is nearer to a point there.
BEARINGS = {"north": (0, 1, max), "east": (90, 0, max), "south": (180, 1, min), "west": (270, 0, min)}


def outside(metres: float, side: str, commune: str = VENDOME) -> Position:
    bearing, axis, extreme = BEARINGS[side]
    polygons = Commune.objects.get(pk=commune).contour
    lon, lat = extreme((vertex for polygon in polygons for vertex in polygon[0]), key=lambda vertex: vertex[axis])
    return at(Position(lon, lat), bearing, metres)


class TestPoint:
    @pytest.mark.parametrize("side", BEARINGS)
    @pytest.mark.parametrize(
        ("metres", "kept", "doubtful"),
        [(190, True, False), (210, True, True), (1_900, True, True), (2_100, False, True)],
    )
    def test_how_far_outside_its_commune(self, metres, kept, doubtful, side):
        point = outside(metres, side)
        candidate = taken(lat_lon=f"{point.lat:.8f},{point.lon:.8f}")
        assert (candidate.fields["pin"] is not None) is kept
        assert candidate.fields["doubtful"] is doubtful
        assert codes(candidate) == (["doubtful_pin"] if doubtful else [])
        assert candidate.given_point.distance_to(point) < 0.1, "the source's point is kept beside it"
        centre = Position.from_geos(Commune.objects.get(pk=VENDOME).centre)
        assert (candidate.position == centre) is not kept
        assert candidate.at_commune is not kept

    def test_without_one_the_commune_s_centre(self):
        candidate = taken(lat_lon="")
        assert candidate.given_point is None
        assert candidate.at_commune
        assert not candidate.fields["doubtful"]

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("1.065556,47.793056", "swapped_point"),
            ("abc", "bad_point"),
            ("47.79", "bad_point"),
            ("47.79,x", "bad_point"),
            ("nan,nan", "bad_point"),
            ("97,1.06", "bad_point"),
            ("47.79,1.06,3", "bad_point"),
        ],
    )
    def test_refused(self, given, code):
        assert refused(lat_lon=given).code == code

    def test_french_decimals_in_columns_of_their_own(self):
        candidate = taken(mapping="generic", lat_lon="", lat="47,793056", lon="1,065556")
        assert candidate.fields["pin"] == [1.065556, 47.793056]
        assert candidate.fields["pin_precision"] == PointOfSale.Precision.HOUSENUMBER

    def test_longitude_zero_is_a_longitude(self):
        candidate = taken(mapping="generic", lat_lon="", lat="47.79", lon="0")
        assert candidate.given_point == Position(0.0, 47.79)
