import type { QueryOf } from '@tailrace/client';
import { lineOf } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { askedKey, askedTime, valuesOf } from '../list-page/asked-window.js';
import { Item, ItemsState, ListPage } from '../list-page/list-page.js';
import { OlderButton, usePages } from '../list-page/pages.js';
import { client } from '../state/api.js';
import { momentText, rangeText } from '../state/time-range.js';
import { go, view } from '../state/view.js';
import { AUDIT_PARTS, type AuditEntry, actorText, entityOf, entityText } from './audit-state.js';
import { AuditView } from './audit-view.js';
import { pathText } from './changes.js';

const PAGE = 100;
const FILTERS = ['user', 'event', 'outcome', 'component', 'q', 'object'];

/** Audit entries, newest first. */
export function AuditList() {
  const { open, range, filters } = view.value;
  const pages = usePages(askedKey(), async (cursor, call) => {
    const { audit, next_cursor, partial } = await ask(cursor, call);
    return { items: audit.reverse(), cursor: next_cursor, partial };
  });
  return (
    <ListPage
      title="Audit"
      parts={AUDIT_PARTS}
      filters={FILTERS}
      detail={
        open !== undefined && (
          <AuditView key={open} id={open} listed={pages.items.find(({ id }) => id === open)} />
        )
      }
    >
      {pages.items.map((entry) => (
        <AuditItem key={entry.id} entry={entry} />
      ))}
      <OlderButton of={pages} />
      <ItemsState answer={pages} what="Audit entries cannot be read" hasItems={pages.items.length > 0}>
        <Message
          title="No audit entries"
          text={`Nobody did anything in: ${rangeText(range)}. They come from log_audit, log_operation or POST /api/audit.`}
        >
          {'hours' in range && range.hours < 720 && (
            <button type="button" class="primary" onClick={() => go({ range: { hours: 720 } })}>
              Look at 30 days
            </button>
          )}
          {filters.length > 0 && (
            <button type="button" onClick={() => go({ filters: [] })}>
              Remove the filters
            </button>
          )}
        </Message>
      </ItemsState>
    </ListPage>
  );
}

/** One audit entry of a list. */
export function AuditItem({ entry }: { readonly entry: AuditEntry }) {
  const { id, timestamp, action, actor, outcome, changes, reason, message } = entry;
  const entity = entityText(entry);
  const changed = changes.map(({ path }) => pathText(path)).join(', ');
  return (
    <Item id={id}>
      <span class={`state-tag ${outcome === 'failure' ? 'failed' : outcome === 'success' ? 'complete' : ''}`}>
        {outcome ?? 'audit'}
      </span>
      <span class="what">{lineOf(entity === undefined ? action : `${action} · ${entity}`, 160)}</span>
      <time class="side" dateTime={timestamp}>
        {momentText(Date.parse(timestamp)).slice(0, 19)}
      </time>
      <span class="more">
        {lineOf(
          [
            actor === null ? message : `by ${actorText(actor)}`,
            changed === '' ? '' : `changed ${changed}`,
            typeof reason === 'string' ? reason : '',
          ]
            .filter((text) => text !== '')
            .join(' · '),
          240,
        )}
      </span>
    </Item>
  );
}

function ask(cursor: string | undefined, call: { readonly signal: AbortSignal }) {
  const [entity] = valuesOf('object').flatMap((text) => entityOf(text) ?? []);
  const [user, action, outcome, component, q] = ['user', 'event', 'outcome', 'component', 'q'].map(valuesOf);
  const query = {
    ...askedTime(),
    limit: PAGE,
    cursor,
    ...(user?.length && { user }),
    ...(action?.length && { action }),
    ...(outcome?.length && { outcome: outcome[0] }),
    ...(component?.length && { component }),
    ...(q?.length && { q: q.join(' ') }),
    ...(entity && { entity_type: entity.type, entity_id: entity.id }),
  };
  return client.ask('GET /api/audit', { query: query as QueryOf<'GET /api/audit'>, ...call });
}
