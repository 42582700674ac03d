"""notbank, AlphaPoint: it speaks https and wss only, and its pins want an environment of its own.

So the simulator runs elsewhere: `exchange-simulator serve --tls-port 8443` prints the address and the file to trust,
which REQUESTS_CA_BUNDLE and, for its WebSocket, WEBSOCKET_CLIENT_CA_BUNDLE name.
"""

import os

import requests
from notbank_python_sdk.client_connection_factory import new_rest_client_connection
from notbank_python_sdk.core.endpoint_category import EndpointCategory
from notbank_python_sdk.requests_models import AuthenticateRequest

tls_url = os.environ["EXCHANGE_SIMULATOR_TLS_URL"]
control = os.environ["EXCHANGE_SIMULATOR_URL"] + "/_control/accounts"
account = requests.post(control, json={"exchange": "alphapoint"}, timeout=10).json()
wish = {"asset": "USDT", "amount": "10"}
withdrawal = requests.post(f"{control}/{account['id']}/withdrawals", json=wish, timeout=10).json()
given = account["credentials"]

connection = new_rest_client_connection(tls_url.removeprefix("https://"))

login = AuthenticateRequest(given["api_key"], given["api_secret"], given["user_id"])
assert connection.authenticate(login).authenticated
ids = {"OMSId": given["oms_id"], "UserId": given["user_id"], "AccountId": given["account_id"]}
asked = {**ids, "RequestCode": withdrawal["id"]}
cancelled = connection.request("CancelWithdraw", EndpointCategory.AP, asked, lambda answer: answer)
assert cancelled["result"] is True
