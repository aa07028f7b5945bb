import type { AuditReply, EntityReply } from '@tailrace/api';
import { type AuditEntry, auditEntryOf, type ValueHistory, valueHistories } from '@tailrace/audit';
import { type Entry, entityObject, type Filter, toEntryReply } from '@tailrace/schema';
import type { EndpointCall, Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { type UnderstoodQuery, understandQuery } from '../http/query/understood-query.js';
import { ingestReply } from '../intake/ingest-reply.js';
import { replyPage } from '../logs/logs-reply.js';
import { auditInput } from './audit-input.js';
import { NO_CHECKPOINT, NO_PROOF } from './proof.js';

type AuditCall = EndpointCall<'GET /api/audit'>;
type EntityCall = EndpointCall<'GET /api/audit/entities/{type}/{id}'>;

/** Answers the endpoints of the audit trail. */
export function auditHandlers(
  { reader, writer, proof, closing, now = Date.now }: GatewayDeps,
  room: PageRoom,
) {
  return {
    'GET /api/audit': ({ c, query }) => {
      const understood = understandQuery(query, now());
      return page(c, understood, filterOf(understood.filter), () => ({}));
    },
    'GET /api/audit/entities/{type}/{id}': ({ c, query, path }) => {
      // All that is kept, as long as nothing else is asked for.
      const whole = query.hours === undefined && query.from === undefined ? { ...query, from: 0 } : query;
      const understood = understandQuery(whole, now());
      const filter = filterOf({ ...understood.filter, entity_type: path.type, entity_id: path.id });
      return page(c, understood, filter, (entries) => ({
        entity: { type: path.type, id: path.id },
        values: valueHistories(entries, path).map(shownHistory),
      }));
    },
    'GET /api/audit/checkpoint': async () => (await proof?.checkpoint()) ?? NO_CHECKPOINT,
    'GET /api/audit/proof': async ({ c }) =>
      (await proof?.verify(AbortSignal.any([closing, c.req.raw.signal]))) ?? NO_PROOF,
    'GET /api/audit/{id}': async ({ path: { id } }) => {
      const entry = await reader.entry(id);
      if (entry?.level === 'AUDIT')
        return { audit: shownAudit(auditEntryOf(entry)), entry: toEntryReply(entry) };
      throw new RequestError('not_found', `there is no audit entry ${shownValue(id)}`, 'id');
    },
    'POST /api/audit': async ({ body, isList }) =>
      ingestReply(await writer.write(body.map(auditInput)), isList),
  } satisfies Partial<Handlers>;

  /** @param more what the reply says of the entries of the page */
  function page(
    c: (AuditCall | EntityCall)['c'],
    {
      window,
      limit,
      cursor,
      shown,
    }: UnderstoodQuery<AuditCall['query']> | UnderstoodQuery<EntityCall['query']>,
    filter: Filter,
    more: (entries: readonly AuditEntry[]) => Partial<EntityReply>,
  ): Promise<Response> {
    const read = new Map<Entry, { readonly audit: AuditEntry; readonly json: string }>();
    const readEntry = (entry: Entry) => {
      const known = read.get(entry);
      if (known !== undefined) return known;
      const audit = auditEntryOf(entry);
      const made = { audit, json: JSON.stringify(shownAudit(audit)) };
      read.set(entry, made);
      return made;
    };
    const list = { name: 'audit', jsonOf: (entry: Entry) => readEntry(entry).json };
    const search = (hasRoom: (entry: Entry) => boolean) =>
      reader.search({ filter, window, limit, cursor, hasRoom }, { signal: c.req.raw.signal });
    return replyPage(c, shown, room, list, search, (entries) =>
      more(entries.map((entry) => readEntry(entry).audit)),
    );
  }
}

interface AskedParts extends Pick<Filter, 'user' | 'outcome' | 'component' | 'q'> {
  readonly action?: Filter['event'];
  readonly entity_type?: string | undefined;
  readonly entity_id?: string | undefined;
}

/** An entity named whole is looked up as an object, by its index; a part of it is a filter on `data`. */
function filterOf({ action, entity_type, entity_id, ...filter }: AskedParts): Filter {
  const entity = entityObject(entity_type, entity_id);
  return {
    ...filter,
    level: 'AUDIT',
    event: action,
    ...(entity !== undefined
      ? { object: entity }
      : { 'data.entity.type': entity_type, 'data.entity.id': entity_id }),
  };
}

function shownAudit(entry: AuditEntry): AuditReply['audit'][number] {
  return { ...entry, timestamp: isoOf(entry.timestamp) } as AuditReply['audit'][number];
}

function shownHistory({ path, steps }: ValueHistory): EntityReply['values'][number] {
  return { path, steps: steps.map((step) => ({ ...step, timestamp: isoOf(step.timestamp) })) };
}

function isoOf(timestamp: number): string {
  return new Date(timestamp).toISOString();
}
