"""A small server on loopback that plays the State's register of businesses, well or with one of geocoder.FAULTS.

def test_something(register_service):         # a fixture of tests/conftest.py, for REGISTER of the settings
    register_service.says(business(establishment("80000000200017", adresse="12 RUE DU CHANGE 41100 VENDOME")))
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager

from tests.geocoder import FakeService

# Luhn's sums are right; nobody bears them. The first two are one business.
FARM, STALL, SHOP = "80000000200017", "80000000200025", "80000001000010"
TIMEOUT_S = 1.0


def establishment(siret=FARM, **fields):
    """An establishment as the register gives it; the test says only what matters."""
    return {
        "siret": siret,
        "activite_principale": "01.45Z",
        "adresse": "12 RUE DU CHANGE 41100 VENDOME",
        "code_postal": "41100",
        "commune": "41269",
        "libelle_commune": "VENDOME",
        "date_fermeture": None,
        "est_siege": True,
        "etat_administratif": "A",
        "latitude": "47.7931",
        "longitude": "1.0654",
        "liste_enseignes": None,
        "nom_commercial": None,
        "statut_diffusion_etablissement": "O",
    } | fields


def business(*places, **fields):
    """A business, with its establishments."""
    first = places[0] if places else establishment()
    return {
        "siren": FARM[:9],
        "nom_complet": "CHEVRERIE DU LOIR",
        "nom_raison_sociale": "CHEVRERIE DU LOIR",
        "etat_administratif": "A",
        "nature_juridique": "6598",
        "activite_principale": "01.45Z",
        "date_fermeture": None,
        "statut_diffusion": "O",
        "siege": first,
        "matching_etablissements": list(places) or [first],
    } | fields


class FakeRegister(FakeService):
    """Answers with the businesses that it `says`, and keeps what it was asked."""

    def __init__(self):
        super().__init__()
        self.says()

    def says(self, *units):
        self.answers(200, json.dumps({"results": units, "total_results": len(units)}).encode())


@contextmanager
def served(settings):
    """The played register, which the settings name as long as it runs."""
    with FakeRegister() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        domain = f"127.0.0.1:{server.server_port}"
        settings.REGISTER = {"domain": domain, "scheme": "http", "timeout_s": TIMEOUT_S, "calls_per_second": 1000.0}
        yield server
        server.closing.set()
        server.shutdown()
