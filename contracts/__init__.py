"""The contract suite: what a server must answer to be Bybit, OKX, Kraken or AlphaPoint as far as cancelling goes.

It speaks as a client that has read the documentation. It signs by itself, with the standard library, and never imports
`simulator.exchanges`, `simulator.core` or `simulator.service`: otherwise it would prove the code with itself.
"""
