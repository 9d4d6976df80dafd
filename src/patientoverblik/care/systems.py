"""The national systems that people and organisations are identified in, by their OIDs (MedCom, OID-registret)."""

from typing import Final

CPR: Final = "1.2.208.176.1.2"
"""Person numbers."""
X_ECPR: Final = "1.2.208.176.1.6.1.1"
"""Replacement numbers of X-eCPR, for people without a person number."""
D_ECPR: Final = "1.2.208.176.1.6.1.3"
"""Replacement numbers of D-eCPR."""
SOR: Final = "1.2.208.176.1.1"
"""Organisations of the health service and their units (Sundhedsvæsenets Organisationsregister)."""
YDERNUMMER: Final = "1.2.208.176.1.4"
"""Practices and others that provide health care under the national agreements."""
SKS: Final = "1.2.208.176.2.4"
"""Sundhedsvæsenets Klassifikations System, the codes of hospitals and departments (SHAK) among them."""
