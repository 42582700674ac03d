"""OKX's assets: tables of `CCY-Chain` names with what `asset/currencies` says of them (samples; they change)."""

from dataclasses import dataclass
from decimal import Decimal

from simulator.core.exchange import Asset, Assets, Network

LIGHTNING = "BTC-Lightning"
"""The chain on which nothing can be cancelled (docs-v5 Cancel withdrawal); its name is concluded from the others."""

_EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"
_TRON = "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf"

ASSETS = Assets(
    (
        Asset(
            "USDT",
            "USDT",
            6,
            (
                Network("USDT-ERC20", Decimal("3"), _EVM),
                Network("USDT-TRC20", Decimal("0.8"), _TRON),
                # A name with a blank, as real ones have it (rotki's recorded rows).
                Network("USDT-Arbitrum one", Decimal("0.1"), _EVM),
            ),
        ),
        Asset("USDC", "USDC", 6, (Network("USDC-ERC20", Decimal("3"), _EVM),)),
        Asset(
            "BTC",
            "BTC",
            8,
            (
                Network("BTC-Bitcoin", Decimal("0.00005"), "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"),
                Network(
                    LIGHTNING,
                    Decimal("0.00000001"),
                    "lnbc100u1psnnvhtpp5yq2x3q5hhrzsuxpwx7ptphwzc4k4wk0j3stp0099968m44cyjg9",
                ),
            ),
        ),
        Asset("ETH", "ETH", 8, (Network("ETH-ERC20", Decimal("0.0004"), _EVM),)),
        Asset("TRX", "TRX", 6, (Network("TRX-TRC20", Decimal("0.1"), _TRON),)),
        Asset("XRP", "XRP", 6, (Network("XRP-Ripple", Decimal("0.1"), "rUzWJkXyEtT8ekSSxkBYPqCvHpngcy6Fks"),)),
        Asset(
            "XLM",
            "XLM",
            7,
            (
                Network(
                    "XLM-Stellar Lumens",
                    Decimal("0.002"),
                    "GBVOL67TMUQBGL4TZYNMY3ZQ5WGQYFPFD5VJRWXR72VA33VFNL225PL5",
                ),
            ),
        ),
        Asset(
            "TON",
            "TON",
            9,
            (Network("TON-TON", Decimal("0.02"), "EQDtFpEwcFAEcRe5mLVh2N6C0x-_hJEM7W61_JLnSF74p4q2"),),
        ),
    )
)

_EVM_SHAPE = r"0x[0-9a-fA-F]{40}"
_TRON_SHAPE = r"T[1-9A-HJ-NP-Za-km-z]{33}"


@dataclass(frozen=True, slots=True)
class Chain:
    """What OKX knows of one chain. `shape` is what an address looks like; `label` names what goes with it, if any.

    The names of labels are the keys of a record: `tag`, `memo`, `addrEx` (docs-v5 Get withdrawal history).
    """

    minimum: Decimal
    maximum: Decimal
    confirmations: int
    shape: str
    label: str = ""
    contract: str = ""


CHAINS = {
    "USDT-ERC20": Chain(Decimal("2"), Decimal("4800000"), 64, _EVM_SHAPE, contract="0xd831ec7"),
    "USDT-TRC20": Chain(Decimal("1"), Decimal("4800000"), 38, _TRON_SHAPE, contract="jLj6t"),
    "USDT-Arbitrum one": Chain(Decimal("1"), Decimal("4800000"), 120, _EVM_SHAPE, contract="cfcbb9"),
    "USDC-ERC20": Chain(Decimal("2"), Decimal("4800000"), 64, _EVM_SHAPE, contract="606eb48"),
    "BTC-Bitcoin": Chain(
        Decimal("0.0005"), Decimal("500"), 2, r"[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71}"
    ),
    LIGHTNING: Chain(Decimal("0.000001"), Decimal("0.1"), 1, r"lnbc[0-9a-z]+"),
    "ETH-ERC20": Chain(Decimal("0.001"), Decimal("24000"), 64, _EVM_SHAPE),
    "TRX-TRC20": Chain(Decimal("1"), Decimal("4800000"), 38, _TRON_SHAPE),
    "XRP-Ripple": Chain(Decimal("1"), Decimal("4800000"), 1, r"r[1-9A-HJ-NP-Za-km-z]{24,34}", "tag"),
    "XLM-Stellar Lumens": Chain(Decimal("1"), Decimal("4800000"), 1, r"G[A-Z2-7]{55}", "memo"),
    "TON-TON": Chain(Decimal("1"), Decimal("4800000"), 1, r"[EU]Q[0-9A-Za-z_-]{46}", "addrEx"),
}

INTERNAL_MINIMUM = Decimal("0.0001")
"""`minInternal`, as in the documentation's row of BTC; the same for every currency here."""

RECIPIENTS = ("recipient@example.com", "13800000000")
"""Users of OKX outside of this simulator whom internal transfers reach: an e-mail address, a phone number in China."""
