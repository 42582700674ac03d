// kraken-api, Kraken Spot: its nonces are microseconds that repeat, so its key has a nonce window.
import assert from 'node:assert/strict';
import Kraken from 'kraken-api';

const url = process.env.EXCHANGE_SIMULATOR_URL ?? 'http://127.0.0.1:8080';
const control = async (path, body) => {
  const json = { 'Content-Type': 'application/json' };
  const reply = await fetch(`${url}/_control/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  return reply.json();
};
const account = await control('accounts', { exchange: 'kraken', nonce_window: 60_000_000 });
const withdrawal = await control(`accounts/${account.id}/withdrawals`, { asset: 'USDT', amount: '10' });
const given = account.credentials;

const client = new Kraken(given.api_key, given.api_secret, { url });

const cancelled = await client.api('WithdrawCancel', { asset: 'USDT', refid: withdrawal.id });
assert.deepEqual(cancelled, { error: [], result: true });
