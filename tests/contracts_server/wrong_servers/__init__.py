"""Wrong servers: the emulator with one thing broken, each by name. The contract suite must blame every one of them.

    .venv/bin/python tests/contracts_server/wrong_servers/table.py        writes contracts/WRONG_SERVERS.md anew

A wrong server is a patch: the emulator's own module gets another function or table, as a careless hand would write it.
"""
