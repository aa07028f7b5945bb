import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@tailrace/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { madeToken } from './testing/tokens.js';

const TOKENS = { read: madeToken('read'), write: madeToken('write'), admin: madeToken('admin') };
const OWN_ID = '6f1c7a52-6d3e-4f0a-9d57-1f6f6a2f0c11';

let folder: string;
let gateway: GatewayProcess;

function start(): Promise<GatewayProcess> {
  const lines = Object.values(TOKENS).map(({ line }) => line);
  return startGatewayProcess({ DATA_DIR: folder, LOG_TOKENS: lines.join(';') });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-deleted-'));
  gateway = await start();
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(scope: Scope, request: string, body?: unknown) {
  const [method = '', path = ''] = request.split(' ');
  const response = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${TOKENS[scope].token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, reply: text.startsWith('{') ? JSON.parse(text) : {} };
}

const log = { id: OWN_ID, service: 'payments', level: 'warning', message: 'card declined' };

/** Every way an entry is read. */
async function reads(id: string): Promise<boolean[]> {
  const encoded = encodeURIComponent(id);
  const answers = await Promise.all(
    [
      '/api/logs?service=payments',
      '/logs?hours=1',
      '/logs?q=declined',
      `/logs/entry/${encoded}`,
      `/api/logs/${OWN_ID}`,
      '/logs/export?component=payments',
      '/logs/facets?fields=component&component=payments',
      '/loki/api/v1/query_range?query=%7Bcomponent%3D%22payments%22%7D',
    ].map((path) => ask('read', `GET ${path}`)),
  );
  return answers.map(({ text }) => /card declined|"value":"payments"/.test(text));
}
const NOWHERE = Array(8).fill(false);
const EVERYWHERE = Array(8).fill(true);

test('an entry that is deleted is in no read, also after a restart, until it is restored; the audit trail tells of both', async () => {
  const { reply: stored } = await ask('write', 'POST /api/logs', log);
  const id = stored.ids[0] as string;
  expect(await reads(id)).toEqual(EVERYWHERE);
  expect((await ask('write', `DELETE /api/logs/${OWN_ID}`)).status).toBe(403);
  expect((await ask('read', `POST /api/logs/${OWN_ID}/restore`)).status).toBe(403);

  const deleted = await ask('admin', `DELETE /api/logs/${OWN_ID}?reason=wrong+customer`);
  expect(deleted).toMatchObject({ status: 200, reply: { deleted: id } });
  expect(await reads(id)).toEqual(NOWHERE);
  expect((await ask('admin', `DELETE /api/logs/${OWN_ID}`)).status).toBe(404);
  // Sent again it is known, and stays deleted.
  expect((await ask('write', 'POST /api/logs', log)).reply.ids).toEqual([id]);
  expect(await reads(id)).toEqual(NOWHERE);
  expect(
    (await ask('read', `GET /api/audit/${encodeURIComponent(deleted.reply.audit)}`)).reply,
  ).toMatchObject({
    audit: {
      action: 'log.delete',
      actor: { type: 'token', id: 'a-adminer' },
      entity_type: 'log',
      entity_id: id,
      reason: 'wrong customer',
    },
  });

  await gateway.stop();
  gateway = await start();
  expect(await reads(id)).toEqual(NOWHERE);

  const restored = await ask('admin', `POST /api/logs/${encodeURIComponent(id)}/restore`);
  expect(restored).toMatchObject({ status: 200, reply: { restored: id } });
  const found = await reads(id);
  // The embedded engine has forgotten which entry has that id of its sender's own.
  expect(found.filter((_, i) => i !== 4)).toEqual(EVERYWHERE.slice(1));
  expect((await ask('admin', `POST /api/logs/${encodeURIComponent(id)}/restore`)).status).toBe(404);
  const { reply } = await ask('read', `GET /api/audit/entities/log/${encodeURIComponent(id)}`);
  expect(reply.audit.map(({ action }: { action: string }) => action)).toEqual(['log.delete', 'log.restore']);
});

test('what was deleted is gone for good when it is erased by a filter', async () => {
  const { reply } = await ask('write', 'POST /logs', {
    component: 'erased',
    message: 'of a person',
    user_id: 'eve',
  });
  const id = encodeURIComponent(reply.ids[0]);
  expect((await ask('admin', `DELETE /api/logs/${id}`)).status).toBe(200);
  expect((await ask('admin', 'DELETE /logs?user=eve')).text).toContain('"done":true');
  expect((await ask('admin', `POST /api/logs/${id}/restore`)).status).toBe(404);
});

test('an audit entry, an id of nothing and ids that are hostile are refused', async () => {
  const audit = await ask('write', 'POST /api/audit', {
    action: 'user.created',
    entity_type: 'user',
    entity_id: 1,
  });
  expect(await ask('admin', `DELETE /api/logs/${encodeURIComponent(audit.reply.ids[0])}`)).toMatchObject({
    status: 409,
    reply: { error: { code: 'conflict', field: 'id' } },
  });
  for (const id of [
    'log:1:app:aaaaaaaa',
    '{s3}:log:1:app:aaaaaaaa',
    'stream:requests',
    '%00',
    'x'.repeat(4_000),
    '..%2F..',
    "';--",
  ]) {
    const path = encodeURIComponent(id);
    for (const request of [`DELETE /api/logs/${path}`, `POST /api/logs/${path}/restore`]) {
      expect([request, (await ask('admin', request)).status]).toEqual([request, 404]);
    }
  }
  expect((await ask('admin', `DELETE /api/logs/x?reason=${'y'.repeat(1_001)}`)).status).toBe(400);
});
