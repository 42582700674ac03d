"""The exchanges that `asset/exchange-list` names: a table only, with one sample (docs-v5 Get exchange list)."""

LISTED = {"did:ethr:0xfeb4f99829a9acdf52979abee87e83addf22a7e1": "1xbet"}
"""By `exchId`; its name."""
