// alphapoint-apex-api, AlphaPoint over WebSocket: the same port, path /WSGateway/.
import assert from 'node:assert/strict';
import apex_api from 'alphapoint-apex-api';

const url = process.env.EXCHANGE_SIMULATOR_URL ?? 'http://127.0.0.1:8080';
const control = async (path, body) => {
  const json = { 'Content-Type': 'application/json' };
  const reply = await fetch(`${url}/_control/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  return reply.json();
};
const account = await control('accounts', { exchange: 'alphapoint' });
const withdrawal = await control(`accounts/${account.id}/withdrawals`, { asset: 'USDT', amount: '10' });
const given = account.credentials;

const apex = await new Promise((opened, failed) => {
  const client = new apex_api.APEX(url.replace('http', 'ws') + '/WSGateway/', { onopen: () => opened(client), onerror: failed });
});

await apex.WebAuthenticateUser({ UserName: given.username, Password: given.password });
const ids = { OMSId: given.oms_id, UserId: given.user_id, AccountId: given.account_id };
const cancelled = await apex.CancelWithdraw({ ...ids, RequestCode: withdrawal.id });
assert.equal(cancelled.result, true);
process.exit(0); // the client would connect again for ever
