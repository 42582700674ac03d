"""A second listener with TLS, for clients that speak nothing else, with a certificate for 127.0.0.1 and localhost.

Needs the extra `tls` (trustme). Clients trust the certificate through the file of its authority, for most of them with
the environment variable SSL_CERT_FILE, REQUESTS_CA_BUNDLE or NODE_EXTRA_CA_CERTS.
"""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from simulator.core.misuse import Misuse, brief, shown


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's TLS context, and the authority's certificate as a file in PEM."""

    context: ssl.SSLContext
    ca_file: Path

    def forget(self) -> None:
        """Delete the authority's file."""
        self.ca_file.unlink(missing_ok=True)


def certificate(host: str) -> Certificate:
    """A fresh certificate for this machine's own names and `host`.

    Raises Misuse when the extra is missing, or when `host` cannot stand in a certificate.
    """
    try:
        import trustme
    except ImportError:
        raise Misuse("TLS needs the extra 'tls': pip install 'exchange-simulator[tls]'") from None
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        issued = authority.issue_cert("127.0.0.1", "::1", "localhost", host)
    except (ValueError, TypeError) as error:  # a name that IDNA refuses, or no text at all
        reason = brief(" ".join(str(error).split()), 200)
        raise Misuse(f"no certificate can be made for host {shown(host)}: {reason}; choose another address") from None
    issued.configure_cert(context)
    with tempfile.NamedTemporaryFile(prefix="exchange-simulator-ca-", suffix=".pem", delete=False) as file:
        file.write(authority.cert_pem.bytes())
    return Certificate(context, Path(file.name))
