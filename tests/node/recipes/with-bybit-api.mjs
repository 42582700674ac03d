// bybit-api, Bybit V5.
import assert from 'node:assert/strict';
import { RestClientV5 } from 'bybit-api';

const url = process.env.EXCHANGE_SIMULATOR_URL ?? 'http://127.0.0.1:8080';
const control = async (path, body) => {
  const json = { 'Content-Type': 'application/json' };
  const reply = await fetch(`${url}/_control/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  return reply.json();
};
const account = await control('accounts', { exchange: 'bybit' });
const withdrawal = await control(`accounts/${account.id}/withdrawals`, { asset: 'USDT', amount: '10' });
const given = account.credentials;

const client = new RestClientV5({ key: given.api_key, secret: given.api_secret, baseUrl: url });

const cancelled = await client.cancelWithdrawal(withdrawal.id);
assert.deepEqual(cancelled.result, { status: 1 });
