"""OKX's errors: rows only. The text is what was seen on the wire where that is known, else the documentation's table.

The two differ often (50113 is documented as "Invalid signature." and sent as "Invalid Sign"). Shapes: `gateway` is
{"msg","code"}; `service` is {"code","data":[],"msg"}; `edge` is the web framework's object with a numeric code;
`event` is an error frame of the WebSocket, `notice` its event of that name and `close` its end. A row that nothing here
provokes by itself is called by its code, and has the documented text: a `behavior` can let any condition answer it.
"""

from simulator.core.rows import Evidence, Row

_TABLE = "docs-v5 error code table"
_UNSEEN = _TABLE + "; no capture, the shape of the body is concluded"
_TEMPLATE = _TABLE + "; worded after the captured text of 50103"
_SOCKETS = "docs-v5 error code table, WebSocket"
_UNVERIFIED = "docs-v5 WebSocket codes; the code is documented, this wording of it not verified"
_OTHERWISE = "the other of two body shapes that the code may have; only by behavior"
_OLDER = "an older text of the code; only by behavior"
_FAILING = "a failing of the service; only by behavior or fault"
_ELSEWHERE = "belongs to what is not emulated; only by behavior"


def _row(
    code: int, text: str, status: int = 200, shape: str = "service", *, evidence: Evidence = "doc", source: str = _TABLE
) -> Row:
    """A row of the documentation's tables that nothing here provokes."""
    return Row(code, text, evidence, source, status, shape, unreachable=_ELSEWHERE)


class Errors:
    """What the gateway, the asset service and the web server in front of them answer instead of success."""

    NOT_FOUND = Row(404, "Not Found", "wild", "probe of api.okj.com, an OKX V5 gateway, 2026-09", 404, "edge")
    INTERNAL_SERVER_ERROR = Row(
        500,
        "Internal Server Error",
        "wild",
        "captured from GET asset/transfer-state; ccxt okx.py",
        500,
        "edge",
        unreachable=_FAILING,
    )
    METHOD_INVALID = Row(
        50115, "Invalid request method", "inferred", "405 seen on www.okx.com; text after " + _TABLE, 405, "gateway"
    )
    KEY_EMPTY = Row(
        50103, "Request header OK-ACCESS-KEY can not be empty.", "wild", "www.okx.com, 2026-08", 401, "gateway"
    )
    PASSPHRASE_EMPTY = Row(
        50104, "Request header OK-ACCESS-PASSPHRASE can not be empty.", "inferred", _TEMPLATE, 401, "gateway"
    )
    SIGN_EMPTY = Row(50106, "Request header OK-ACCESS-SIGN can not be empty.", "inferred", _TEMPLATE, 401, "gateway")
    TIMESTAMP_EMPTY = Row(
        50107, "Request header OK-ACCESS-TIMESTAMP can not be empty.", "inferred", _TEMPLATE, 401, "gateway"
    )
    TIMESTAMP_INVALID = Row(
        50112, "Invalid OK-ACCESS-TIMESTAMP", "wild", "live answers of 2023-12; status as documented", 401, "gateway"
    )
    TIMESTAMP_EXPIRED = Row(50102, "Timestamp request expired", "wild", "www.okx.com, 2026-08", 401, "gateway")
    KEY_INVALID = Row(50111, "Invalid OK-ACCESS-KEY", "wild", "signed probe with a made-up key", 401, "gateway")
    KEY_UNKNOWN = Row(50119, "API key doesn't exist", "wild", "www.okx.com, 2026-08: zero UUID", 401, "gateway")
    API_FROZEN = Row(50100, "API frozen, please contact customer service.", "doc", _TABLE, 400, "gateway")
    USER_BLOCKED = Row(50007, "User blocked.", "doc", _TABLE, 200, "gateway")
    IP_NOT_LISTED = Row(
        50110,
        "Your IP {ip} is not included in your API key's {api_key} IP whitelist.",
        "wild",
        "comment in OctoBot's OKX connector; live answers of 2023-12",
        401,
        "gateway",
    )
    IP_INVALID = Row(50110, "Invalid IP", "wild", "answers of 2022", 401, "gateway", unreachable=_OLDER)
    ENVIRONMENT = Row(
        50101, "APIKey does not match current environment.", "wild", "live answers of 2023-12", 401, "gateway"
    )
    PASSPHRASE_WRONG = Row(
        50105, "Request header OK-ACCESS-PASSPHRASE incorrect.", "wild", "captured, status 401", 401, "gateway"
    )
    SIGN_WRONG = Row(50113, "Invalid Sign", "wild", "captured, status 401", 401, "gateway")
    TOO_MANY_REQUESTS = Row(50011, "Too Many Requests", "wild", "www.okx.com, 2026-08", 429, "gateway")
    RATE_LIMIT_REACHED = Row(
        50011,
        "Rate limit reached. Please refer to API documentation and throttle requests accordingly.",
        "doc",
        _TABLE,
        200,
        "service",
        unreachable=_OTHERWISE,
    )
    NO_PERMISSION = Row(
        50120,
        "This API key doesn't have permission to use this function",
        "wild",
        "my.okx.com demo, 2026-07; the table says HTTP 200",
        401,
        "gateway",
    )
    AUTHORITY_INVALID = Row(
        50114,
        "Invalid Authority",
        "wild",
        "gocryptotrader okx_test.go, 2022: a key without permission",
        401,
        "gateway",
        unreachable=_OLDER,
    )
    CONTENT_TYPE = Row(50006, 'Invalid Content-Type. Please use "application/JSON".', "doc", _UNSEEN, 400, "gateway")
    BODY_EMPTY = Row(50000, "Body for POST request cannot be empty.", "doc", _UNSEEN, 400, "gateway")
    JSON_SYNTAX = Row(50002, "JSON syntax error", "doc", _UNSEEN, 400, "gateway")
    PARAMETER_EMPTY = Row(
        50014,
        "Parameter {name} can not be empty.",
        "wild",
        "public data, 2026; the shape is the asset service's",
        400,
        "service",
    )
    PARAMETER_EMPTY_2022 = Row(
        50014,
        "Parameter {name} cant be empty.",
        "wild",
        "GET asset/transfer-state, 2021-22",
        400,
        "service",
        unreachable=_OLDER,
    )
    PARAMETER_ERROR = Row(
        51000,
        "Parameter {name} error.",
        "wild",
        "captured as `Parameter sz error.` with HTTP 200 (api.okj.com, 2026-09); the table has no full stop and HTTP "
        "400; the shape is the asset service's",
        200,
        "service",
    )
    DEMO_UNAVAILABLE = Row(
        50038, "This feature is unavailable in demo trading", "wild", "my.okx.com demo, 2026-07", 200, "service"
    )
    SERVICE_UNAVAILABLE = Row(
        50001,
        "Service temporarily unavailable. Please try again later.",
        "doc",
        _TABLE,
        503,
        "service",
        unreachable=_FAILING,
    )
    SYSTEMS_BUSY = Row(
        50013, "Systems are busy. Please try again later.", "doc", _TABLE, 429, "service", unreachable=_FAILING
    )
    METHOD_INVALID_SERVICE = Row(
        50115, "Invalid request method", "unknown", _TABLE, 405, "service", unreachable=_OTHERWISE
    )
    CONTENT_TYPE_SERVICE = Row(
        50006,
        'Invalid Content-Type. Please use "application/JSON".',
        "unknown",
        _TABLE,
        400,
        "service",
        unreachable=_OTHERWISE,
    )
    BODY_EMPTY_SERVICE = Row(
        50000, "Body for POST request cannot be empty.", "unknown", _TABLE, 400, "service", unreachable=_OTHERWISE
    )
    JSON_SYNTAX_SERVICE = Row(50002, "JSON syntax error", "unknown", _TABLE, 400, "service", unreachable=_OTHERWISE)
    PARAMETER_ERROR_400 = Row(
        51000, "Parameter {name} error", "doc", _TABLE, 400, "service", unreachable="two captures have status 200"
    )
    EITHER_PARAMETER = Row(
        50015, "Either parameter {name} or {other} is required", "wild", "api.okj.com, 2026-09", 400, "service"
    )
    BOTH_PARAMETERS = Row(
        50024, "Parameter {name} and {other} can not exist at the same time.", "doc", _TABLE, 200, "service"
    )
    TOO_MANY_VALUES = Row(50025, "Parameter {name} count exceeds the limit {limit}.", "doc", _TABLE, 200, "service")
    DEMO_UNAVAILABLE_2023 = Row(
        50038,
        "This feature is temporarily unavailable in demo trading",
        "wild",
        "ccxt#17295",
        200,
        "service",
        unreachable=_OLDER,
    )
    ACCOUNT_BLOCKED = Row(58004, "Account blocked.", "doc", _TABLE, 200, "service")
    SUB_ACCOUNT = Row(
        58209,
        "Sub-accounts don't support withdrawals or deposits. Please use your main account instead",
        "doc",
        _TABLE,
        200,
        "service",
    )
    TOKEN_UNAVAILABLE = Row(
        58006,
        "Service unavailable for token {token}.",
        "doc",
        _TABLE + "; that it names the token was seen on my.okx.com demo, 2026-07",
        200,
        "service",
    )
    ID_UNKNOWN = Row(58215, "Withdrawal ID does not exist.", "doc", _TABLE, 200, "service")
    NOT_ALLOWED = Row(58216, "Operation not allowed.", "doc", _TABLE, 200, "service")
    ALREADY_CANCELLED = Row(58220, "Withdrawal request already canceled.", "doc", _TABLE, 200, "service")
    NO_ASSETS = Row(
        58008,
        "You do not have assets in this currency.",
        "doc",
        _TABLE,
        200,
        "service",
        unreachable="58006 was seen for an unknown currency; only by behavior",
    )
    CHAIN_UNSUPPORTED = Row(58010, "Chain {chain} isn't supported", "doc", _TABLE, 200, "service")
    DAILY_LIMIT = Row(58201, "Withdrawal amount exceeds daily withdrawal limit.", "doc", _TABLE, 200, "service")
    NO_ADDRESS = Row(58203, "Please add a withdrawal address.", "wild", "ccxt#13519, ccxt#14499", 200, "service")
    ABOVE_MAXIMUM = Row(58205, "Withdrawal amount exceeds the upper limit.", "doc", _TABLE, 200, "service")
    BELOW_MINIMUM = Row(58206, "Withdrawal amount is less than the lower limit.", "doc", _TABLE, 200, "service")
    ADDRESS_NOT_VERIFIED = Row(
        58207,
        "Withdrawal address is not allowlisted for verification exemption",
        "wild",
        "captured in 2024, the newest there is",
        200,
        "service",
    )
    ADDRESS_NOT_VERIFIED_2023 = Row(
        58207,
        "Withdrawal address is not whitelisted for verification exemption",
        "wild",
        "ccxt#16389",
        200,
        "service",
        unreachable=_OLDER,
    )
    ADDRESS_NOT_VERIFIED_2025 = Row(
        58207,
        "Withdrawal address isn't on the verified address list. (The format for withdrawal addresses "
        "with a label is “address:label”.)",
        "doc",
        _TABLE,
        200,
        "service",
        unreachable="the documented text, not seen on the wire; only by behavior",
    )
    INTERNAL_ADDRESS = Row(
        58213,
        "The internal transfer address is illegal. It must be an email, phone number, or account name",
        "doc",
        _TABLE,
        200,
        "service",
    )
    CHAIN_SUSPENDED = Row(58214, "Withdrawals suspended due to {chain} maintenance", "doc", _TABLE, 200, "service")
    INTERNAL_FAILED = Row(
        58218,
        "The internal withdrawal failed. Please check the parameters toAddr and areaCode.",
        "doc",
        _TABLE,
        200,
        "service",
    )
    TAG_MISSING = Row(
        58221,
        "The toAddr parameter format is incorrect, withdrawal address needs labels. The format "
        'should be "address:label".',
        "doc",
        _TABLE,
        200,
        "service",
    )
    ADDRESS_INVALID = Row(58222, "Invalid withdrawal address", "doc", _TABLE, 200, "service")
    CHAIN_DELISTED = Row(
        58226, "{chain} is delisted and not available for crypto withdrawal.", "doc", _TABLE, 200, "service"
    )
    RECIPIENT_MISSING = Row(
        58237,
        "According to local laws and regulations, please provide accurate recipient information "
        "(rcvrInfo). For the exchange address, please also provide exchange information and "
        "recipient identity information ({parameters}).",
        "doc",
        _TABLE,
        200,
        "service",
    )
    RECIPIENT_INCOMPLETE = Row(
        58238,
        "Incomplete info. The info of the exchange and the recipient are required if you're "
        "withdrawing to an exchange platform.",
        "doc",
        _TABLE,
        200,
        "service",
    )
    PRIVATE_WALLET = Row(
        58239,
        "You can't withdraw to a private wallet via API. Please withdraw via our app or website instead.",
        "doc",
        _TABLE,
        200,
        "service",
    )
    WALLET_UNPROVEN = Row(
        58254,
        "Due to local compliance requirements, please complete the digital signature or satoshi test "
        "via our app or website first before withdrawing to a private wallet via API.",
        "doc",
        _TABLE,
        200,
        "service",
    )
    INSUFFICIENT = Row(58350, "Insufficient balance.", "doc", _TABLE, 200, "service")
    INVOICE_EXPIRED = Row(58351, "Invoice expired.", "doc", _TABLE, 200, "service")
    INVOICE_INVALID = Row(58352, "Invalid invoice.", "doc", _TABLE, 200, "service")
    INVOICE_AMOUNT = Row(58353, "Deposit amount must be within limits.", "doc", _TABLE, 200, "service")
    LIGHTNING_DENIED = Row(
        58355, "Permission denied. Please contact your account manager.", "doc", _TABLE, 200, "service"
    )
    CLIENT_ID_TAKEN = Row(58404, "ClientId already exists", "doc", _TABLE, 200, "service")
    CLIENT_ID_EXISTS = Row(
        50071,
        "{name} already exists",
        "doc",
        _TABLE,
        200,
        "service",
        unreachable="the general form of 58404; only by behavior",
    )
    CODE_50004 = _row(
        50004,
        "API endpoint request timeout. (does not mean that the request was successful or failed, "
        "please check the request result).",
        400,
    )
    CODE_50005 = _row(50005, "API endpoint is inactive or unavailable.", 410)
    CODE_50008 = _row(50008, "User doesn't exist.")
    CODE_50009 = _row(50009, "Account is frozen due to stop-out.")
    CODE_50010 = _row(50010, "User ID cannot be empty.")
    CODE_50012 = _row(50012, "Account status invalid. Check account status")
    CODE_50016 = _row(50016, "Parameter {name} does not match parameter {other}", 400)
    CODE_50017 = _row(
        50017,
        "Position frozen and related operations restricted due to auto-deleveraging (ADL). Please try again later.",
    )
    CODE_50018 = _row(50018, "Currency {token} is frozen due to ADL. Operation restricted.")
    CODE_50019 = _row(
        50019,
        "Account frozen and related operations restricted due to auto-deleveraging (ADL). Please try again later.",
    )
    CODE_50020 = _row(
        50020, "Position frozen and related operations restricted due to forced liquidation. Please try again later."
    )
    CODE_50021 = _row(50021, "Currency {token} is frozen due to liquidation. Operation restricted.")
    CODE_50022 = _row(
        50022, "Account frozen and related operations restricted due to forced liquidation. Please try again later."
    )
    CODE_50023 = _row(50023, "Funding fees frozen and related operations are restricted. Please try again later.")
    CODE_50026 = _row(50026, "System error. Try again later", 500)
    CODE_50027 = _row(50027, "This account is restricted from trading. Please contact customer support for assistance.")
    CODE_50028 = _row(50028, "Unable to place the order. Please contact the customer service for details.")
    CODE_50029 = _row(
        50029,
        "Your account has triggered OKX risk control and is temporarily restricted from conducting "
        "transactions. Please check your email registered with OKX for contact from our customer "
        "support team.",
    )
    CODE_50030 = _row(50030, "You don't have permission to use this API endpoint")
    CODE_50032 = _row(
        50032, "Your account has been set to prohibit transactions in this currency. Please confirm and try again"
    )
    CODE_50033 = _row(
        50033,
        "Instrument blocked. Please verify trading this instrument is allowed under account settings and try again.",
    )
    CODE_50035 = _row(50035, "This endpoint requires that APIKey must be bound to IP", 403)
    CODE_50036 = _row(
        50036, "The expTime can't be earlier than the current system time. Please adjust the expTime and try again."
    )
    CODE_50037 = _row(50037, "Order expired.")
    CODE_50039 = _row(50039, 'Parameter "before" isn\'t supported for timestamp pagination')
    CODE_50040 = _row(50040, "Too frequent operations, please try again later")
    CODE_50041 = _row(50041, "Your user ID hasn’t been allowlisted. Please contact customer service for assistance.")
    CODE_50042 = _row(50042, "Repeated request")
    CODE_50044 = _row(50044, "Must select one broker type")
    CODE_50045 = _row(
        50045,
        "simPos should be empty because simulated positions cannot be counted when Position Builder "
        "is calculating under Spot-Derivatives risk offset mode",
    )
    CODE_50046 = _row(
        50046, "This feature is temporarily unavailable while we make some improvements to it. Please try again later."
    )
    CODE_50047 = _row(
        50047, "{instrument} has already settled. To check the relevant candlestick data, please use {endpoint}"
    )
    CODE_50048 = _row(
        50048,
        "Switching risk unit may lead position risk increases and be forced liquidated. Please "
        "adjust position size, make sure margin is in a safe status.",
    )
    CODE_50049 = _row(
        50049, "No information on the position tier. The current instrument doesn’t support margin trading."
    )
    CODE_50050 = _row(50050, "You’ve already activated options trading. Please don’t activate it again.")
    CODE_50051 = _row(50051, "Due to compliance restrictions in your country or region, you cannot use this feature.")
    CODE_50052 = _row(50052, "Due to local laws and regulations, you cannot trade with your chosen crypto.")
    CODE_50053 = _row(50053, "This feature is only available in demo trading.")
    CODE_50055 = _row(50055, "Reset unsuccessful. Assets can only be reset up to 5 times per day.")
    CODE_50056 = _row(
        50056,
        "You have pending orders or open positions with this currency. Please reset after canceling "
        "all the pending orders/closing all the open positions.",
    )
    CODE_50057 = _row(50057, "Reset unsuccessful. Try again later.")
    CODE_50058 = _row(50058, "This crypto is not supported in an asset reset.")
    CODE_50059 = _row(
        50059,
        "Before you continue, you'll need to complete additional steps as required by your local "
        "regulators. Please visit the website or app for more details.",
    )
    CODE_50060 = _row(
        50060,
        "For security and compliance purposes, please complete the identity verification process to "
        "continue using our services.",
    )
    CODE_50061 = _row(50061, "You've reached the maximum order rate limit for this account.")
    CODE_50062 = _row(50062, "This feature is currently unavailable.")
    CODE_50063 = _row(50063, "You can't activate the credits as they might have expired or are already activated.")
    CODE_50064 = _row(50064, "The borrowing system is unavailable. Try again later.")
    CODE_50067 = _row(50067, "The API doesn't support cross site trading feature")
    CODE_50069 = _row(50069, "Margin ratio verification for this risk unit failed.")
    CODE_50072 = _row(
        50072, "Isolated margin mode is no longer supported in multi-currency margin mode and portfolio margin mode."
    )
    CODE_50075 = _row(50075, "The token is restricted in Islamic sub-account")
    CODE_50076 = _row(50076, "The time interval between the start date and end date cannot exceed {days} days")
    CODE_50077 = _row(50077, "The time interval between the start date and end date cannot exceed {months} months")
    CODE_50108 = _row(50108, "Exchange ID does not exist.", 401, "gateway")
    CODE_50109 = _row(50109, "Exchange domain does not exist.", 401, "gateway")
    CODE_50116 = _row(50116, "Fast API is allowed to create only one API key", 200, "gateway")
    CODE_50118 = _row(
        50118,
        "To link the app using your API key, your broker needs to share their IP to be whitelisted",
        200,
        "gateway",
    )
    CODE_50121 = _row(50121, "You can't access our services through the IP address ({ip})", 200, "gateway")
    CODE_50122 = _row(50122, "Order amount must exceed minimum amount", 200, "gateway")
    CODE_58002 = _row(58002, "Please activate Savings Account first.")
    CODE_58003 = _row(58003, "Savings does not support this currency type")
    CODE_58005 = _row(58005, "The {behavior} amount must be equal to or less than {min_num}")
    CODE_58007 = _row(58007, "Assets interface is currently unavailable. Try again later")
    CODE_58009 = _row(58009, "Crypto pair doesn't exist")
    CODE_58011 = _row(
        58011,
        "Due to local laws and regulations, our services are unavailable to unverified users in "
        "{region}. Please verify your account.",
    )
    CODE_58012 = _row(
        58012,
        "Due to local laws and regulations, OKX does not support asset transfers to unverified users "
        "in {region}. Please make sure your recipient has a verified account.",
    )
    CODE_58013 = _row(58013, "Withdrawals not supported yet, contact customer support for details")
    CODE_58014 = _row(58014, "Deposits not supported yet, contact customer support for details")
    CODE_58015 = _row(58015, "Transfers not supported yet, contact customer support for details")
    CODE_58016 = _row(58016, "The API can only be accessed and used by the trading team's main account")
    CODE_58100 = _row(
        58100,
        "The trading product triggers risk control, and the platform has suspended the fund "
        "transfer-out function with related users. Please wait patiently.",
    )
    CODE_58101 = _row(58101, "Transfer suspended")
    CODE_58102 = _row(58102, "Rate limit reached. Please refer to API docs and throttle requests accordingly.", 429)
    CODE_58103 = _row(
        58103, "This account transfer function is temporarily unavailable. Please contact customer service for details."
    )
    CODE_58104 = _row(
        58104,
        "Since your P2P transaction is abnormal, you are restricted from making fund transfers. "
        "Please contact customer support to remove the restriction.",
    )
    CODE_58105 = _row(
        58105,
        "Since your P2P transaction is abnormal, you are restricted from making fund transfers. "
        "Please transfer funds on our website or app to complete identity verification.",
    )
    CODE_58106 = _row(58106, "USD verification failed.")
    CODE_58107 = _row(58107, "Crypto verification failed.")
    CODE_58110 = _row(
        58110,
        "Transfers are suspended due to market risk control triggered by your {business_type} "
        "{inst_family} trades or positions. Please try again in a few minutes. Contact customer "
        "support if further assistance is needed.",
    )
    CODE_58111 = _row(
        58111, "Fund transfers are unavailable while perpetual contracts are charging funding fees. Try again later."
    )
    CODE_58112 = _row(58112, "Transfer failed. Contact customer support for assistance")
    CODE_58113 = _row(58113, "Unable to transfer this crypto")
    CODE_58114 = _row(58114, "Transfer amount must be greater than 0", 400)
    CODE_58115 = _row(58115, "Sub-account does not exist.")
    CODE_58116 = _row(58116, "Transfer exceeds the available amount.")
    CODE_58117 = _row(58117, "Transfer failed. Resolve any negative assets before transferring again")
    CODE_58119 = _row(58119, "{sub_account} Sub-account has no permission to transfer out, please set first.")
    CODE_58120 = _row(58120, "Transfers are currently unavailable. Try again later")
    CODE_58121 = _row(
        58121,
        "This transfer will result in a high-risk level of your position, which may lead to forced "
        "liquidation. You need to re-adjust the transfer amount to make sure the position is at a "
        "safe level before proceeding with the transfer.",
    )
    CODE_58122 = _row(
        58122,
        "A portion of your spot is being used for Delta offset between positions. If the transfer "
        "amount exceeds the available amount, it may affect current spot-derivatives risk offset "
        "structure, which will result in an increased Maintenance Margin Requirement (MMR) rate. "
        "Please be aware of your risk level.",
    )
    CODE_58123 = _row(58123, "The From parameter cannot be the same as the To parameter.")
    CODE_58124 = _row(
        58124,
        "Your transfer is being processed, transfer id:{tr_id}. Please check the latest state of "
        "your transfer from the endpoint (GET /api/v5/asset/transfer-state)",
    )
    CODE_58125 = _row(58125, "Non-tradable assets can only be transferred from sub-accounts to main accounts")
    CODE_58126 = _row(58126, "Non-tradable assets can only be transferred between funding accounts")
    CODE_58127 = _row(
        58127,
        "Main account API key does not support current transfer 'type' parameter. Please refer to "
        "the API documentation.",
    )
    CODE_58128 = _row(
        58128,
        "Sub-account API key does not support current transfer 'type' parameter. Please refer to the "
        "API documentation.",
    )
    CODE_58129 = _row(58129, "{name} is incorrect or {name} does not match with 'type'")
    CODE_58131 = _row(
        58131,
        "For compliance, we're unable to provide services to unverified users. Verify your identity "
        "to make a transfer.",
    )
    CODE_58132 = _row(
        58132,
        "For compliance, we're unable to provide services to users with Basic verification (Level "
        "1). Complete Advanced verification (Level 2) to make a transfer.",
    )
    CODE_58200 = _row(58200, "Withdrawal from {source} to {target} is currently not supported for this currency.")
    CODE_58202 = _row(58202, "The minimum withdrawal amount for NEO is 1, and the amount must be an integer.")
    CODE_58204 = _row(
        58204,
        "Withdrawal suspended due to your account activity triggering risk control. Please contact "
        "customer support for assistance.",
    )
    CODE_58208 = _row(58208, "Withdrawal failed. Please link your email.")
    CODE_58210 = _row(
        58210,
        "You can't proceed with withdrawal as we're unable to verify your identity. Please withdraw "
        "via our app or website instead.",
    )
    CODE_58212 = _row(58212, "Withdrawal fee must be {percentage}% of the withdrawal amount")
    CODE_58217 = _row(
        58217,
        "Withdrawals are temporarily suspended for your account due to a risk detected in your "
        "withdrawal address. Contact customer support for assistance",
    )
    CODE_58219 = _row(
        58219,
        "You cannot withdraw crypto within 24 hours after changing your mobile number, email "
        "address, or Google Authenticator.",
    )
    CODE_58223 = _row(58223, "This is a contract address with higher withdrawal fees")
    CODE_58224 = _row(
        58224,
        "This crypto currently doesn't support on-chain withdrawals to OKX addresses. Withdraw "
        "through internal transfers instead",
    )
    CODE_58225 = _row(
        58225, "Asset transfers to unverified users in {region} are not supported due to local laws and regulations."
    )
    CODE_58227 = _row(58227, "Withdrawal of non-tradable assets can be withdrawn all at once only")
    CODE_58228 = _row(58228, "Withdrawal of non-tradable assets requires that the API key must be bound to an IP")
    CODE_58229 = _row(58229, "Insufficient funding account balance to pay fees {fee} USDT")
    CODE_58230 = _row(
        58230,
        "According to the OKX compliance policy, you will need to complete your identity "
        "verification (Level 1) in order to withdraw",
    )
    CODE_58231 = _row(
        58231, "The recipient has not completed personal info verification (Level 1) and cannot receive your transfer"
    )
    CODE_58232 = _row(
        58232,
        "You’ve reached the personal information verification (L1) withdrawal limit, complete photo "
        "verification (L2) to increase the withdrawal limit",
    )
    CODE_58233 = _row(
        58233, "For compliance, we're unable to provide services to unverified users. Verify your identity to withdraw."
    )
    CODE_58234 = _row(
        58234,
        "For compliance, the recipient can't receive your transfer yet. They'll need to verify their "
        "identity to receive your transfer.",
    )
    CODE_58235 = _row(
        58235,
        "For compliance, we're unable to provide services to users with Basic verification (Level "
        "1). Complete Advanced verification (Level 2) to withdraw.",
    )
    CODE_58236 = _row(
        58236,
        "For compliance, a recipient with Basic verification (Level 1) is unable to receive your "
        "transfer. They'll need to complete Advanced verification (Level 2) to receive it.",
    )
    CODE_58240 = _row(
        58240,
        "For security and compliance purposes, please complete the identity verification process to "
        "use our services. If you prefer not to verify, contact customer support for next steps. "
        "We're committed to ensuring a safe platform for users and appreciate your understanding.",
    )
    CODE_58241 = _row(58241, "Due to local compliance requirements, internal withdrawal is unavailable")
    CODE_58242 = _row(58242, "The recipient can't receive your transfer due to their local compliance requirements")
    CODE_58243 = _row(58243, "Your recipient can't receive your transfer as they haven't made a cash deposit yet")
    CODE_58244 = _row(58244, "Make a cash deposit to proceed")
    CODE_58248 = _row(58248, "Due to local regulations, API withdrawal isn't allowed. Withdraw using OKX app or web.")
    CODE_58249 = _row(
        58249, "API withdrawal for this currency is currently unavailable. Try withdrawing via our app or website."
    )
    CODE_58252 = _row(58252, "Withdrawal is restricted for 48h after your first TRY transaction for asset security.")
    CODE_58256 = _row(
        58256,
        "You can withdraw stablecoins valued at up to {daily_limit} {symbol} every 24 hours. You can "
        "still withdraw {quota_remaining} {symbol}.",
    )
    CODE_58257 = _row(
        58257,
        "You can withdraw stablecoins valued at up to {monthly_limit} {symbol} every month. You can "
        "still withdraw {quota_remaining} {symbol}.",
    )
    CODE_58258 = _row(
        58258,
        "You can withdraw crypto valued at up to {daily_limit} {symbol} every 24 hours. You can "
        "still withdraw {quota_remaining} {symbol}.",
    )
    CODE_58300 = _row(58300, "Deposit-address count exceeds the limit.")
    CODE_58301 = _row(58301, "Deposit-address not exist.")
    CODE_58302 = _row(58302, "Deposit-address needs tag.")
    CODE_58303 = _row(58303, "Deposit for chain {chain} is currently unavailable")
    CODE_58304 = _row(58304, "Failed to create invoice.")
    CODE_58305 = _row(
        58305,
        "Unable to retrieve deposit address, please complete identity verification and generate deposit address first.",
    )
    CODE_58306 = _row(
        58306,
        "According to the OKX compliance policy, you will need to complete your identity "
        "verification (Level 1) in order to deposit",
    )
    CODE_58307 = _row(
        58307,
        "You've reached the personal information verification (L1) deposit limit, the excess amount "
        "has been frozen, complete photo verification (L2) to increase the deposit limit",
    )
    CODE_58308 = _row(
        58308, "For compliance, we're unable to provide services to unverified users. Verify your identity to deposit."
    )
    CODE_58309 = _row(
        58309,
        "For compliance, we're unable to provide services to users with Basic verification (Level "
        "1). Complete Advanced verification (Level 2) to deposit.",
    )
    CODE_58310 = _row(58310, "Unable to create new deposit address, try again later")
    CODE_58354 = _row(58354, "You have reached the daily limit of 10,000 invoices.")
    CODE_58356 = _row(
        58356, "The accounts of the same node do not support the Lightning network deposit or withdrawal."
    )
    CODE_58358 = _row(58358, "The fromCcy parameter cannot be the same as the toCcy parameter.")
    CODE_58373 = _row(58373, "The minimum {ccy} conversion amount is {amount}")
    CODE_58381 = _row(58381, "This feature is not currently supported.")
    CODE_58382 = _row(58382, "Unable to process unlock request. Please retry via the user interface.")
    CODE_58383 = _row(58383, "Deposit record not found. Unable to process unlock request.")
    CODE_58384 = _row(
        58384,
        "Per local regulations, please provide accurate sender information. For exchange addresses, "
        "please also provide the exchange information and sender identity details.",
    )
    CODE_58400 = _row(58400, "Request Failed")
    CODE_58401 = _row(58401, "Payment method is not supported")
    CODE_58402 = _row(58402, "Invalid payment account")
    CODE_58403 = _row(58403, "Transaction cannot be canceled")
    CODE_58405 = _row(58405, "Withdrawal suspended")
    CODE_58406 = _row(58406, "Channel is not supported")
    CODE_58407 = _row(58407, "API withdrawal isn't allowed for this payment method. Withdraw using OKX app or web")
    SOCKET_TIMESTAMP_INVALID = Row(60004, "Invalid timestamp", "doc", _SOCKETS, 200, "event")
    SOCKET_KEY_INVALID = Row(60005, "Invalid apiKey", "wild", "a made-up key on the live socket", 200, "event")
    SOCKET_TIMESTAMP_EXPIRED = Row(60006, "Timestamp request expired", "doc", _SOCKETS, 200, "event")
    SOCKET_SIGN_WRONG = Row(60007, "Invalid sign", "doc", _SOCKETS, 200, "event")
    CODE_60008 = _row(
        60008,
        "The current WebSocket endpoint does not support subscribing to {channel} channels. Please "
        "check the WebSocket URL",
        200,
        "event",
        evidence="inferred",
        source=_UNVERIFIED,
    )
    LOGIN_FAILED = Row(60009, "Login failed.", "doc", _SOCKETS + ", example of a failed login", 200, "event")
    LOGIN_NEEDED = Row(60011, "Please log in", "wild", "ws.okj.com, 2026-09", 200, "event")
    REQUEST_ILLEGAL = Row(60012, "Illegal request: {text}", "wild", "ws.okj.com, 2026-09", 200, "event")
    REQUEST_INVALID = Row(
        60012,
        "Invalid request: {text}",
        "doc",
        _SOCKETS,
        200,
        "event",
        unreachable="the documented text; another was captured; only by behavior",
    )
    ARGS_INVALID = Row(60013, "Invalid args", "doc", _SOCKETS, 200, "event")
    REQUESTS_TOO_FREQUENT = Row(60014, "Requests too frequent", "doc", _SOCKETS, 200, "event")
    CHANNEL_UNKNOWN = Row(
        60018,
        "Wrong URL or {arg} doesn't exist. Please use the correct URL, channel and parameters "
        "referring to API document.",
        "wild",
        "www.okx.com, 2026-08; roq-okx json_error.cpp",
        200,
        "event",
    )
    OP_INVALID = Row(60019, "Invalid op: {op}", "doc", _SOCKETS, 200, "event")
    CODE_60023 = _row(60023, "Bulk login requests too frequent", 200, "event", evidence="doc", source=_SOCKETS)
    SOCKET_PASSPHRASE_WRONG = Row(60024, "Wrong passphrase", "doc", _SOCKETS, 200, "event")
    CODE_60026 = _row(
        60026,
        "Batch login by APIKey and token simultaneously is not supported.",
        200,
        "event",
        evidence="inferred",
        source=_UNVERIFIED,
    )
    SOCKET_PARAMETER_EMPTY = Row(60027, "Parameter {name} can not be empty.", "doc", _SOCKETS, 200, "event")
    CODE_60028 = _row(
        60028,
        "The current operation is not supported by this URL. Please use the correct WebSocket URL for the operation.",
        200,
        "event",
        evidence="inferred",
        source=_UNVERIFIED,
    )
    LOGIN_REPEATED = Row(
        60031, "The WebSocket endpoint does not allow multiple or repeated logins.", "doc", _SOCKETS, 200, "event"
    )
    SOCKET_KEY_UNKNOWN = Row(
        60032, "API key doesn't exist", "wild", "roq-okx json_error.cpp; the table has a full stop", 200, "event"
    )
    CODE_63999 = _row(
        63999,
        "Login failed due to internal error. Please try again later.",
        200,
        "event",
        evidence="doc",
        source=_SOCKETS,
    )
    CHANNEL_MIGRATED = Row(
        64001,
        "This channel has been migrated to the '/business' URL. Please subscribe using the new URL. "
        "More details can be found here: "
        "https://www.okx.com/help-center/changes-to-v5-api-websocket-subscription-parameter-and-url",
        "inferred",
        _UNVERIFIED,
        200,
        "event",
    )
    CODE_64002 = _row(
        64002,
        'This channel is not supported by "/business" URL. Please use "/private" URL (for private '
        'channels), or "/public" URL (for public channels).',
        200,
        "event",
        evidence="inferred",
        source=_UNVERIFIED,
    )
    CODE_64003 = _row(
        64003,
        "Your trading fee tier doesn't meet the requirement to access this channel",
        200,
        "event",
        evidence="inferred",
        source=_UNVERIFIED,
    )
    CODE_64007 = _row(
        64007,
        "Operation {op} failed due to WebSocket internal error. Please try again later.",
        200,
        "event",
        evidence="inferred",
        source=_UNVERIFIED,
    )
    SERVICE_UPGRADE = Row(
        64008,
        "The connection will soon be closed for a service upgrade. Please reconnect.",
        "wild",
        "roq-okx json_notice.cpp",
        200,
        "notice",
    )
    CLOSE_GOING_AWAY = Row(
        1001, "Going away", "inferred", "RFC 6455 7.4.1; docs-v5 have no code for a service upgrade", 200, "close"
    )
    CLOSE_TOO_BIG = _row(
        1009, "Request message exceeds the maximum frame length", 200, "close", evidence="inferred", source=_UNVERIFIED
    )
    CLOSE_LOGIN_FAILED = _row(4001, "Login Failed", 200, "close", evidence="doc", source=_SOCKETS)
    CLOSE_REQUEST_INVALID = _row(4002, "Invalid Request", 200, "close", evidence="doc", source=_SOCKETS)
    CLOSE_SUBSCRIPTIONS_OF_KEY = _row(
        4003, "APIKey subscription amount exceeds the limit 100", 200, "close", evidence="inferred", source=_UNVERIFIED
    )
    CLOSE_IDLE = Row(
        4004, "No data received in 30s.", "wild", "ws.okj.com, 2026-09: 30,000 ms after the last frame", 200, "close"
    )
    CLOSE_BUFFER_FULL = _row(
        4005, "Buffer is full, cannot write data", 200, "close", evidence="inferred", source=_UNVERIFIED
    )
    CLOSE_ABNORMAL = _row(4006, "Abnormal disconnection", 200, "close", evidence="inferred", source=_UNVERIFIED)
    CLOSE_KEY_DELETED = Row(
        4007, "API key has been updated or deleted. Please reconnect.", "inferred", _UNVERIFIED, 200, "close"
    )
    CLOSE_CHANNELS = _row(
        4008,
        "The number of subscribed channels exceeds the maximum limit.",
        200,
        "close",
        evidence="inferred",
        source=_UNVERIFIED,
    )
    CLOSE_CHANNELS_OF_CONNECTION = _row(
        4009,
        "The number of subscription channels for this connection exceeds the limit",
        200,
        "close",
        evidence="inferred",
        source=_UNVERIFIED,
    )
