import type { QueryOf } from '@tailrace/client';
import { lineOf, visibleText } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { askedKey, askedTime } from '../list-page/asked-window.js';
import { Facts } from '../list-page/facts.js';
import { Detail, Item, ItemsState, ListPage } from '../list-page/list-page.js';
import { client } from '../state/api.js';
import { queryOf, withFilter } from '../state/filters.js';
import { momentText, rangeText, windowOf } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { go, goToPage, view } from '../state/view.js';
import { Coverage } from './coverage.js';
import { HourBars } from './hour-bars.js';
import { patternEntries } from './pattern-entries.js';

type Group = Awaited<ReturnType<typeof ask>>['groups'][number];
const MOST = 100;

/** Errors with one cause as one line: which are new, how often, since when, whom they hit. */
export function Errors() {
  const { open, range } = view.value;
  const answer = useReply(askedKey(), ask);
  const groups = answer.reply?.groups ?? [];
  // A link from an entry looks for its group by what the entry has: when that is one group, it is the one.
  const only = open === 'only' && groups.length === 1 ? groups[0] : undefined;
  const group = groups.find(({ fingerprint }) => fingerprint === open) ?? only;
  return (
    <ListPage title="Errors" detail={group !== undefined && <GroupView group={group} />}>
      {answer.reply !== undefined && groups.length > 0 && (
        <Coverage of={answer.reply} what="groups" shown={groups.length} />
      )}
      {groups.map((one) => (
        <Item key={one.fingerprint} id={one === only ? 'only' : one.fingerprint}>
          <span class={`state-tag ${one.state === 'new' ? 'failed' : ''}`}>{one.state}</span>
          <span class="what">{lineOf(titleOf(one), 160)}</span>
          <b class="many">{one.count.toLocaleString()}</b>
          <span class="more">
            {lineOf(one.type === null ? `${one.code ?? ''} ${one.components.join(', ')}` : one.message, 200)}
          </span>
          <span class="side">{`last ${momentText(Date.parse(one.last_seen)).slice(5, 19)}`}</span>
        </Item>
      ))}
      <ItemsState answer={answer} what="Errors cannot be grouped" hasItems={groups.length > 0}>
        <Message title="No errors" text={`None in: ${rangeText(range)}.`}>
          {'hours' in range && range.hours < 168 && (
            <button type="button" class="primary" onClick={() => go({ range: { hours: 168 } })}>
              Look at 7 days
            </button>
          )}
        </Message>
      </ItemsState>
    </ListPage>
  );
}

function GroupView({ group }: { readonly group: Group }) {
  const { type, code, message, frames, levels, count, hours, components, hosts, releases, users, ips } =
    group;
  const filters = patternEntries(message, type === null ? code : null);
  const at = Date.parse(group.last_seen);
  const list = (values: readonly string[]) => values.map((value) => lineOf(value, 80)).join(', ');
  return (
    <Detail
      label="Error group"
      head={
        <>
          <span class={`state-tag ${group.state === 'new' ? 'failed' : ''}`}>{group.state}</span>
          <strong>{lineOf(titleOf(group), 120)}</strong>
        </>
      }
    >
      <p class="text pre">{visibleText(message)}</p>
      <div class="buttons">
        <button
          type="button"
          class="primary"
          onClick={() =>
            goToPage('explore', {
              range: { from: at - 60_000, to: at + 60_000 },
              filters: [],
              open: group.sample_id,
            })
          }
        >
          Its newest entry
        </button>
        {filters !== undefined && (
          <button
            type="button"
            onClick={() =>
              goToPage('explore', { filters: filters.reduce(withFilter, [...view.value.filters]) })
            }
          >
            Entries like it
          </button>
        )}
        {group.sample_trace !== null && (
          <button
            type="button"
            onClick={() =>
              goToPage('explore', {
                filters: [{ name: 'trace', value: group.sample_trace ?? '', not: false }],
                range: { from: at - 3_600_000, to: at + 3_600_000 },
              })
            }
          >
            Its newest trace
          </button>
        )}
      </div>
      <HourBars hours={hours} window={windowOf(view.value.range, Date.now())} />
      <Facts
        of={[
          ['Errors', count.toLocaleString()],
          ['Affected', `${users.toLocaleString()} users, ${ips.toLocaleString()} client addresses`],
          ['First', momentText(Date.parse(group.first_seen))],
          ['Last', momentText(at)],
          ['Type', type === null ? '' : lineOf(type, 120)],
          ['Code', code === null ? '' : lineOf(code, 120)],
          ['Levels', list(levels)],
          ['Components', list(components)],
          ['Hosts', list(hosts)],
          ['Releases', list(releases)],
        ]}
      />
      {frames.length > 0 && (
        <>
          <h2>Where it arose</h2>
          <ol class="frames">
            {frames.map((frame) => (
              <li key={frame}>{lineOf(frame, 300)}</li>
            ))}
          </ol>
        </>
      )}
    </Detail>
  );
}

function titleOf({ type, message }: Group): string {
  return type ?? message;
}

function ask(call: { readonly signal: AbortSignal }) {
  const query = { ...queryOf(view.value.filters), ...askedTime(), limit: MOST };
  return client.ask('GET /logs/error-groups', { query: query as QueryOf<'GET /logs/error-groups'>, ...call });
}
