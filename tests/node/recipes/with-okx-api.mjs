// okx-api, OKX V5 over HTTP.
import assert from 'node:assert/strict';
import { RestClient } from 'okx-api';

const url = process.env.EXCHANGE_SIMULATOR_URL ?? 'http://127.0.0.1:8080';
const control = async (path, body) => {
  const json = { 'Content-Type': 'application/json' };
  const reply = await fetch(`${url}/_control/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  return reply.json();
};
const account = await control('accounts', { exchange: 'okx' });
const withdrawal = await control(`accounts/${account.id}/withdrawals`, { asset: 'USDT', amount: '10' });
const given = account.credentials;

const keys = { apiKey: given.api_key, apiSecret: given.api_secret, apiPass: given.passphrase };
const client = new RestClient({ ...keys, baseUrl: url });

assert.deepEqual(await client.cancelWithdrawal({ wdId: withdrawal.id }), [{ wdId: withdrawal.id }]);
