import { ENTRY_FIELDS, type EntryInput, entryInputSchema, type IngestReply } from '@tailrace/schema';
import type { Hono } from 'hono';
import { storeUnavailable } from './error-reply.js';
import type { GatewayDeps, GatewayEnv } from './gateway-env.js';
import { readJsonBody } from './json-body.js';
import { MAX_ENTRIES } from './max-entries.js';
import { RequestError } from './request-error.js';
import { shownValue } from './shown-value.js';
import { hasTextBody, ingestText } from './text-body.js';

/** Adds `POST /logs`: one entry or an array of them, all of the right shape or none is taken; or lines of a log. */
export function addIngestRoute(app: Hono<GatewayEnv>, { writer }: Pick<GatewayDeps, 'writer'>): void {
  app.post('/logs', async (c) => {
    if (hasTextBody(c.req.raw)) return c.json(await ingestText(c.req.raw, writer));
    const body = await readJsonBody(c.req.raw);
    const isArray = Array.isArray(body);
    const given: readonly unknown[] = isArray ? body : [body];
    if (given.length > MAX_ENTRIES) {
      const message = `the body has ${given.length} entries; allowed: ${MAX_ENTRIES} in one request`;
      throw new RequestError('invalid_body', message);
    }
    const entries = given.map((entry, i) => parseEntry(entry, isArray ? `[${i}]` : ''));
    const results = await writer.write(entries).catch((cause: unknown) => {
      throw storeUnavailable(cause);
    });
    const refused: IngestReply['refused'] = [];
    results.forEach((result, index) => {
      if (!('refused' in result)) return;
      if (!isArray) throw new RequestError(result.refused.code, result.refused.message, 'timestamp');
      refused.push({ index, ...result.refused });
    });
    const ids = results.map((result) => ('id' in result ? result.id : null));
    const reply: IngestReply = { accepted: ids.length - refused.length, ids, refused };
    return c.json(reply);
  });
}

/** @param place the entry's place in the body, such as `[3]`; nothing when it is the body */
function parseEntry(given: unknown, place: string): EntryInput {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const message = `${place === '' ? 'the body' : place} is ${shownValue(given)}; allowed: an entry, as a JSON object`;
    throw new RequestError('invalid_entry', message, place === '' ? undefined : place);
  }
  const shaped = withUnknownInData(given as Record<string, unknown>);
  const parsed = entryInputSchema.safeParse(shaped);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const value = path.reduce<unknown>(
    (at, name) => (at as Record<PropertyKey, unknown> | undefined)?.[name],
    shaped,
  );
  const field = `${place}${place === '' ? '' : '.'}${path.join('.')}`;
  throw new RequestError('invalid_entry', `${field} is ${shownValue(value)}: ${issue?.message}`, field);
}

/** Fields an entry does not have go into `data`, as the logger does it; a known field that is null is left out. */
function withUnknownInData(given: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(given);
  const known = fields.filter(([name, value]) => ENTRY_FIELDS.has(name) && value !== null);
  const unknown = fields.filter(([name]) => !ENTRY_FIELDS.has(name));
  const entry = Object.fromEntries(known);
  const { data = {} } = entry;
  if (unknown.length === 0 || typeof data !== 'object' || Array.isArray(data)) return entry;
  return { ...entry, data: { ...Object.fromEntries(unknown), ...data } };
}
