"""What every exchange has in common: accounts, money, life-cycles, time, refusals, the journal.

The law of this room: it knows no exchange, no aiohttp, no asyncio and no wall clock but the one in `clock`.
Everything is a plain synchronous value or function, so that a test needs neither a server nor a sleep.
"""
