"""The parameters that AlphaPoint's functions take, by endpoint and in lower case: the table only, from the APEX
documentation and from what SDKs send.

For the journal, which lists what a client sent and nothing read. A refused call has not looked at all of them, and some
are documented and change nothing here.
"""

from __future__ import annotations

EVERYWHERE = frozenset({"omsid", "nonce", "tfatype", "tfacode", "payload"})
"""alphapoint-apex-api adds OMSId to every payload, ExchangeSharp a nonce; ccxt wraps what it creates."""

_LOGIN = ("username", "password", "apikey", "signature", "userid", "sessiontoken", "jwttoken", "authcode", "grant_type")
_OF_ACCOUNT = ("accountid",)
_TICKET = (
    *("assetmanagerid", "accountproviderid", "accountid", "accountname", "assetid", "assetname", "amount"),
    *("notionalvalue", "notionalproductid", "templateform", "templateformtype", "requestcode", "requestip"),
    *("requestuserid", "requestusername", "operatorid", "status", "feeamt", "updatedbyuser", "updatedbyusername"),
    *("ticketnumber", "withdrawtransactiondetails", "rejectreason", "createdtimestamp", "lastupdatetimestamp"),
    *("createdtimestamptick", "lastupdatetimestamptick", "comments", "attachments", "auditlog"),
)
"""UpdateWithdrawTicket takes a whole ticket, as an event or GetWithdrawTicket gave it."""

PARAMETERS: dict[str, frozenset[str]] = {
    "cancel": frozenset({"userid", "accountid", "requestcode"}),
    "create": frozenset({"accountid", "productid", "amount", "templateform", "templatetype", "accountproviderid"}),
    "confirm": frozenset({"userid", "verifycode"}),
    "list": frozenset(_OF_ACCOUNT),
    "ticket": frozenset({"accountid", "requestcode", "operatorid"}),
    "tickets": frozenset({"accountid", "productid", "limit", "startindex", "operatorid"}),
    "all_tickets": frozenset({"operatorid", "startindex", "limit", "includecomments"}),
    "update": frozenset(_TICKET),
    "fee": frozenset({"accountid", "productid", "amount", "accountproviderid"}),
    "template_types": frozenset({"productid", "accountid"}),
    "template": frozenset({"productid", "templatetype", "accountproviderid", "accountid"}),
    "balance": frozenset({"accountid", "includepending"}),
    "transactions": frozenset(
        {"accountid", "depth", "transactiontypes", "transactionreferencetypes", "productid", "startindex"}
    ),
    "user": frozenset({"userid", "email", "username", "affiliateid"}),
    "permissions": frozenset({"userid"}),
    "accounts": frozenset({"userid", "username"}),
    "account": frozenset({"accountid", "accounthandle"}),
    "assets": frozenset({"getdisabled", "attribute", "attributevalue", "depth", "startindex"}),
    "instruments": frozenset({"instrumentstate"}),
    "login": frozenset(_LOGIN),
    "second_factor": frozenset({"code"}),
    "subscribe": frozenset(_OF_ACCOUNT),
    "unsubscribe": frozenset(_OF_ACCOUNT),
}
