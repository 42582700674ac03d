// node-kraken-api, Kraken Spot: its host is fixed, and so are https and port 443. Node's own `https.request` is told
// where to go instead, before the SDK is loaded; the SDK stays as it is. The same works for any SDK on node:https.
import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';

const https = createRequire(import.meta.url)('node:https');

const url = process.env.EXCHANGE_SIMULATOR_URL ?? 'http://127.0.0.1:8080';
const control = async (path, body) => {
  const json = { 'Content-Type': 'application/json' };
  const reply = await fetch(`${url}/_control/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  return reply.json();
};
const account = await control('accounts', { exchange: 'kraken' });
const withdrawal = await control(`accounts/${account.id}/withdrawals`, { asset: 'USDT', amount: '10' });
const given = account.credentials;

const { hostname, port } = new URL(url);
https.request = (options, heard) => http.request({ ...options, protocol: 'http:', hostname, port }, heard);
const { Kraken } = await import('node-kraken-api');
const client = new Kraken({ key: given.api_key, secret: given.api_secret });

assert.equal(await client.withdrawCancel({ asset: 'USDT', refid: withdrawal.id }), true);
