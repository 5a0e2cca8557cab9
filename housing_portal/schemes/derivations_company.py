"""What follows from the answers of a company."""

from housing_portal.schemes.derivation import Derivation

COMPANY_DERIVATIONS: tuple[Derivation, ...] = ()
