"""The service is busy: every call is answered with the row that the exchange names for it.

Nothing acts. It lasts until it is removed, unless `times` says how often.
"""

from simulator.core.faults.error import instead
from simulator.core.faults.fault import Kind

KIND = Kind(
    name="busy",
    says="the exchange answers as it does when it is busy and does not act, until the fault is removed",
    instead=instead,
    places=("request", "frame"),
    mode=True,
)
