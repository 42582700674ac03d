"""What each option means, in a sentence: the words that the OpenAPI document puts beside the types of options.

Under the option's name; where exchanges mean different things by one name, under `exchange.name`. An option that is
missing here fails a test.
"""

from __future__ import annotations

OPTIONS = {
    # accounts
    "exchange": "Whose account it is.",
    "name": "Unique in its exchange; the account's id is `{exchange}-{name}`. What is generated follows from it.",
    "balances": "What the account has, by common ticker; plenty of every asset unless given.",
    "progress": "How withdrawals go on by themselves: only when told, with time as well, at once, or with looks.",
    "delays": "Seconds that withdrawals stay in a state, by its name or word, instead of the usual due times.",
    "polls": "How many looks of the client a step takes in polled progress.",
    "skew_ms": "How far the server's clock is off, in ms; negative is behind.",
    "limits": "Whether the exchange's rate limits apply.",
    "behavior": "What is not known about the exchange: conditions mapped to error rows, fields to values.",
    "sub_account": "Whether it is a sub-account, which may not withdraw.",
    "main_account": "The name of the account whose sub-account it is.",
    "demo": "Whether it is an account of demo trading.",
    "wallets": "Balances of the other wallets, UTA and EARN, by ticker; `balances` are those of FUND.",
    "address_book": "The entries of the address book instead of those that there are by themselves.",
    "addresses": "The entries of the address book; one for each way to withdraw unless given.",
    "limit_amount_usd": "What may be withdrawn in 24 hours, in USD at sample prices.",
    "api_frozen": "Whether the API is frozen for the account (50100).",
    "user_blocked": "Whether the user is blocked (50007).",
    "account_blocked": "Whether the account's funding is blocked (58004).",
    "verified_addresses": "Where withdrawals may go; the sample address of every chain unless given.",
    "suspended_chains": "Chains on which withdrawals are suspended.",
    "delisted_chains": "Chains that are gone.",
    "daily_limits": "What may be withdrawn in 24 hours, by ticker.",
    "recipient_rules": "What the account's entity wants to hear in `rcvrInfo`.",
    "lightning": "Whether the account may use Lightning.",
    "username": "The name of the user's login.",
    "password": "The password of the user's login.",
    "use_2fa": "Whether a login with the password asks for a code as well.",
    "user_id": "The user's number, which nobody has yet; chosen by the server unless given.",
    "account_id": "The account's number, which nobody has yet; chosen by the server unless given.",
    # keys
    "api_key": "The key's name; generated unless given.",
    "api_secret": "What the key signs with; generated unless given, and masked wherever shown when given.",
    "passphrase": "The key's passphrase; generated unless given.",
    "permissions": "What the key may do, in the exchange's own words; all that a withdrawal needs unless given.",
    "ip_allowlist": "IP addresses that the key may be used from; any unless given.",
    "expires": "When the key expires in account time: ISO 8601 text, or milliseconds since 1970.",
    "read_only": "Whether the key may call GET endpoints only.",
    "public_key": "PEM text of an RSA public key: requests are signed with its private half, there is no secret.",
    "nonce_window": "How far a nonce may lie below the highest, in units of the nonce.",
    "totp_secret": "A base32 secret of 112 bits or more: one-time codes are asked for.",
    # withdrawals
    "asset": "The common ticker.",
    "amount": "What arrives, in units of the asset; the fee comes on top.",
    "state": "The state it begins in, in the exchange's own words or by internal name; the first one unless given.",
    "network": "The exchange's own name of the network; the asset's first one unless given.",
    "address": "Where it goes; a plausible address of the network unless given.",
    "internal": "Whether it stays within the exchange: it has no fee and touches no chain.",
    "tag": "What goes with the address on networks that need it.",
    "account_type": "The wallets it draws on, such as `FUND,UTA`.",
    "client_id": "The client's own id: up to 32 letters and digits.",
    "to_addr_type": "How an internal transfer names its receiver: 2 a user id, 1 everything else.",
    "area_code": "The area code of a receiver named by phone number.",
    "note": "The user's note.",
    "status_prop": "The status-prop that goes with `state`.",
    "withdraw_key": "The label of its address in the address book.",
    # entries of address books
    "coin": "The exchange's code of the coin; `baseCoin` for every coin of the chain.",
    "chain": "The exchange's name of the chain.",
    "remark": "The user's remark.",
    "verified": "Whether the entry is verified.",
    "new": "Whether it was added just now, and is barred for a day.",
    "bybit_uid": "The Bybit account whose deposit address it is.",
    "key": "The entry's label.",
    "memo": "A memo that goes with the address.",
    # faults
    "kind": "What happens.",
    "endpoint": "The calls it meets, by common word (`cancel`, `list` ...); all unless given.",
    "nth": "The first matching call that it happens to.",
    "times": "How often it happens; null for always.",
    "share": "The share of the matching calls it happens to, drawn by seed.",
    "seconds": "How late the answer comes (`delay`).",
    "status": "The status of the edge's page (`edge`).",
    "acts": "Whether the exchange acts all the same (`edge`, `error`).",
    "row": "The error row by name (`error`).",
    "steps": "How many steps the answer is behind (`stale_read`).",
    "content_type": "The Content-Type that the answer says it has (`wrong_content_type`).",
    # the rest
    "event": "The event's name, in the exchange's life-cycle.",
    "EventOptions.event": "The event's name; the one that would fall due next unless given.",
    "before": "The step happens just before a call of this endpoint is answered.",
    "after": "The step happens right after a call of this endpoint was answered.",
    "PlanOptions.nth": "The call of the endpoint that it waits for, counted from now on.",
    "reason": "What the history gives as the reason of the step.",
    "Advance.seconds": "How far, in seconds; at most a hundred years ahead of the clock.",
}


def text(owner: str, name: str) -> str | None:
    """What an option of `owner` means; None when nobody has said."""
    return OPTIONS.get(f"{owner}.{name}", OPTIONS.get(name))
