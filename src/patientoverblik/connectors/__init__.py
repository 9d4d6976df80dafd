"""Network clients: MinLog2 over HTTPS, audit records by syslog over TLS and by FHIR, subscribers by SOAP."""

from patientoverblik.connectors.fhir_audit import FhirAudit
from patientoverblik.connectors.minlog import MinLog
from patientoverblik.connectors.subscribers import Subscribers
from patientoverblik.connectors.syslog import SyslogAudit, SyslogPlace

__all__ = ["FhirAudit", "MinLog", "Subscribers", "SyslogAudit", "SyslogPlace"]
