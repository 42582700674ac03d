"""The two-factor wrapper of guarded functions: `{"TFaType":"Google","TFaCode":"123456","Payload":"..."}`.

Which functions are guarded is the operator's choice (GetValidate2FARequiredEndpoints). Facts: ccxt ndax.py, the
official web UI. Codes are those of RFC 6238 over the server clock; the one before and the one after count as well.
"""

from __future__ import annotations

import re

import pyotp

from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import signing
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.calls import Call, Parameters, parameters
from simulator.exchanges.alphapoint.users import User

_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def unwrap(call: Call) -> None:
    """Check the code and put the real payload in the wrapper's place. Raises Refusal."""
    wrapper = _wrapper(call)
    if "tfacode" not in wrapper or "payload" not in wrapper:
        raise Refusal(Conditions.BARE_PAYLOAD, f"TFaCode and Payload are needed; given are {list(wrapper)}")
    kind, code = wrapper.get("tfatype"), wrapper["tfacode"]
    if not isinstance(kind, str) or kind.lower() != "google":
        raise Refusal(Conditions.TWO_FACTOR_TYPE, f"TFaType is {kind!r}; it must be Google")
    user: User = call.caller.account.details
    _check_code(user.totp_secret, code, call.world.now_ms() // 1000)
    call.payload = wrapper["payload"]


def _wrapper(call: Call) -> Parameters:
    """What came; a payload that cannot be read is no wrapper either."""
    try:
        return parameters(call)
    except Refusal:
        return {}


def _check_code(secret: str, code: object, now_s: int) -> None:
    """A code that came as a number has lost its leading zeros."""
    given = f"{code:06d}" if type(code) is int else code
    totp = pyotp.TOTP(secret)
    step = now_s // 30
    expected = [totp.generate_otp(max(number, 0)) for number in (step - 1, step, step + 1)]
    if (
        not isinstance(given, str)
        or not _CODE.fullmatch(given)
        or not any(signing.same(one, given) for one in expected)
    ):
        raise Refusal(Conditions.TWO_FACTOR_CODE, f"TFaCode is {code!r}; it must be {expected[1]} (server clock)")
