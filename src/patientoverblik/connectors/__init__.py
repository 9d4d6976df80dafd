"""Network clients: MinLog2 over HTTPS, audit records by syslog over TLS and by FHIR, subscribers by SOAP and FHIR."""

from patientoverblik.connectors.fhir_audit import FhirAudit
from patientoverblik.connectors.minlog import MinLog
from patientoverblik.connectors.rest_hooks import RestHooks
from patientoverblik.connectors.subscribers import Subscribers
from patientoverblik.connectors.syslog import SyslogAudit, SyslogPlace

__all__ = ["FhirAudit", "MinLog", "RestHooks", "Subscribers", "SyslogAudit", "SyslogPlace"]
