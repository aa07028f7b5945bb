import { useState } from 'preact/hooks';
import { lineOf } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { ItemsState, ListPage } from '../list-page/list-page.js';
import { OlderButton, usePages } from '../list-page/pages.js';
import { client } from '../state/api.js';
import { momentText } from '../state/time-range.js';
import { go, view } from '../state/view.js';
import { AuditItem } from './audit-list.js';
import { AUDIT_PARTS, type AuditEntry, actorText, entityOf } from './audit-state.js';
import { AuditView } from './audit-view.js';
import { NewValue, OldValue, pathText } from './changes.js';

const PAGE = 200;
type Values = Awaited<ReturnType<typeof ask>>['values'];

/** What became of one entity, value by value, in all the time that is kept. */
export function EntityHistory() {
  const { of, open } = view.value;
  const entity = entityOf(of);
  return (
    <ListPage
      title="Audit"
      parts={AUDIT_PARTS}
      hasTime={false}
      filters="none"
      detail={open !== undefined && <AuditView key={open} id={open} listed={undefined} />}
    >
      <EntityForm key={of} />
      {entity === undefined ? (
        <Message
          title="Whose history?"
          text="An entity has a type and an id, as audit entries name it: user:42, vm:107, order:A-7."
        />
      ) : (
        <History key={of} entity={entity} />
      )}
    </ListPage>
  );
}

function EntityForm() {
  const { of = '' } = view.value;
  const [typed, setTyped] = useState(of);
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      class="choices"
      onSubmit={(event) => {
        event.preventDefault();
        const isEntity = entityOf(typed) !== undefined;
        setWrong(!isEntity);
        if (isEntity) go({ of: typed.trim(), open: undefined });
      }}
    >
      <label for="entity">Entity</label>
      <input
        id="entity"
        value={typed}
        placeholder="user:42"
        autocomplete="off"
        spellcheck={false}
        aria-invalid={isWrong}
        aria-describedby="entity-hint"
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <button type="submit" class="primary">
        Show
      </button>
      <span id="entity-hint" class="hint bad">
        {isWrong && 'Must be a type, a colon and an id, such as user:42'}
      </span>
    </form>
  );
}

function History({ entity }: { readonly entity: { readonly type: string; readonly id: string } }) {
  const pages = usePages(`${entity.type}:${entity.id}`, async (cursor, call) => {
    const { audit, values, next_cursor, partial } = await ask(entity, cursor, call);
    return { items: [{ audit: audit.reverse(), values }], cursor: next_cursor, partial };
  });
  const entries = pages.items.flatMap(({ audit }) => audit);
  const values = joined(pages.items.map((page) => page.values).reverse());
  const name = lineOf(`${entity.type}:${entity.id}`, 80);
  return (
    <>
      {values.length > 0 && <h2>{`Values of ${name}`}</h2>}
      {values.map(({ path, steps }) => (
        <details key={path} class="value-history" open={values.length <= 12}>
          <summary>
            <b>{lineOf(pathText(path), 120)}</b>{' '}
            <span class="hint">{steps.length === 1 ? 'changed once' : `changed ${steps.length} times`}</span>
          </summary>
          <ol>
            {[...steps].reverse().map(({ id, timestamp, action, actor, from, to }) => (
              <li key={id}>
                <div class="change">
                  <OldValue value={from} /> <span aria-hidden="true">→</span> <NewValue value={to} />
                </div>
                <button
                  type="button"
                  class="more"
                  onClick={() => go({ open: id }, { replace: view.value.open !== undefined })}
                >
                  {lineOf(
                    `${action} by ${actorText(actor)}, ${momentText(Date.parse(timestamp)).slice(0, 19)}`,
                    160,
                  )}
                </button>
              </li>
            ))}
          </ol>
        </details>
      ))}
      {entries.length > 0 && <h2>Entries</h2>}
      {entries.map((entry: AuditEntry) => (
        <AuditItem key={entry.id} entry={entry} />
      ))}
      <OlderButton of={pages} />
      <ItemsState answer={pages} what="The history cannot be read" hasItems={entries.length > 0}>
        <Message title="No audit entries" text={`Nothing is known of ${name}.`} />
      </ItemsState>
    </>
  );
}

/** The steps of each value over all pages, oldest page first. */
function joined(pages: readonly Values[]): Values {
  const steps = new Map<string, Values[number]['steps']>();
  for (const { path, steps: more } of pages.flat()) steps.set(path, [...(steps.get(path) ?? []), ...more]);
  return [...steps].map(([path, all]) => ({ path, steps: all }));
}

function ask(
  path: { readonly type: string; readonly id: string },
  cursor: string | undefined,
  call: { readonly signal: AbortSignal },
) {
  return client.ask('GET /api/audit/entities/{type}/{id}', { path, query: { limit: PAGE, cursor }, ...call });
}
