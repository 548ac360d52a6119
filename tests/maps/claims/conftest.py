from tests.claims_data import _counted_anew, anne, bruno, farm  # noqa: F401
