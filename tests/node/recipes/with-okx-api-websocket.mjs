// okx-api, OKX V5 over WebSocket: its wsUrl is where all its topics go; it logs in before it subscribes.
import assert from 'node:assert/strict';
import { WebsocketClient } from 'okx-api';

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
const client = new WebsocketClient({ accounts: [keys], wsUrl: url.replace('http', 'ws') + '/ws/v5/business' });

const heard = (event, fits) => new Promise((done) => client.on(event, (told) => fits(told) && done(told)));

await client.connectWSAPI();
const subscribed = heard('response', ({ event }) => event === 'subscribe');
const cancelling = heard('update', ({ data }) => data[0].wdId === withdrawal.id && data[0].state === '-3');
client.subscribe({ channel: 'withdrawal-info' });
await subscribed;
await control(`accounts/${account.id}/withdrawals/${withdrawal.id}/events`, { event: 'cancel' });
assert.equal((await cancelling).data[0].amt, '10');
client.closeAll(true);
