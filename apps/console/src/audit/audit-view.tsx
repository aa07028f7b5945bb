import { JsonTree } from '../entry/json-tree.js';
import { lineOf, visibleText } from '../entry/visible-text.js';
import { Failure } from '../explore/list-state.js';
import { Facts } from '../list-page/facts.js';
import { Detail } from '../list-page/list-page.js';
import { momentText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { go, goToPage } from '../state/view.js';
import { type AuditEntry, actorText, askOne, entityText } from './audit-state.js';
import { Changes } from './changes.js';

/** One audit entry: who, what, why, and what changed. A link may name one that is not listed. */
export function AuditView({ id, listed }: { readonly id: string; readonly listed: AuditEntry | undefined }) {
  const { reply, trouble } = useReply(listed === undefined ? id : undefined, (call) => askOne(id, call));
  const entry = listed ?? reply?.audit;
  return (
    <Detail
      label="Audit entry"
      head={
        entry !== undefined && (
          <>
            <strong>{lineOf(entry.action, 120)}</strong>
            <time class="hint" dateTime={entry.timestamp}>
              {momentText(Date.parse(entry.timestamp))}
            </time>
          </>
        )
      }
    >
      {entry === undefined && trouble === undefined && <p class="hint">Searching…</p>}
      {entry === undefined && trouble !== undefined && (
        <Failure trouble={trouble} what="This audit entry cannot be read" />
      )}
      {entry !== undefined && <Parts entry={entry} />}
    </Detail>
  );
}

function Parts({ entry }: { readonly entry: AuditEntry }) {
  const { action, actor, outcome, reason, metadata, objects, data, changes } = entry;
  const entity = entityText(entry);
  const at = Date.parse(entry.timestamp);
  const hasValues = entry.old_values !== null || entry.new_values !== null;
  return (
    <>
      {entry.message !== action && <p class="text pre">{visibleText(entry.message)}</p>}
      <div class="buttons">
        {entity !== undefined && (
          <button
            type="button"
            class="primary"
            onClick={() => go({ part: 'history', of: entity, open: undefined })}
          >
            {`History of ${lineOf(entity, 60)}`}
          </button>
        )}
        <button
          type="button"
          onClick={() =>
            goToPage('explore', {
              range: { from: at - 60_000, to: at + 60_000 },
              filters: [],
              open: entry.id,
            })
          }
        >
          The whole entry
        </button>
        {typeof actor?.id === 'string' && (
          <button
            type="button"
            onClick={() =>
              go({ filters: [{ name: 'user', value: String(actor.id), not: false }], open: undefined })
            }
          >
            {`What ${lineOf(actorText(actor), 40)} did`}
          </button>
        )}
      </div>
      {changes.length > 0 ? (
        <>
          <h2>What changed</h2>
          <Changes of={changes} />
        </>
      ) : (
        hasValues && <p class="hint">No value changed.</p>
      )}
      <Facts
        of={[
          ['By', lineOf([actor?.type, actorText(actor)].filter((one) => one !== undefined).join(' '), 200)],
          ['To', entity === undefined ? '' : lineOf(entity, 200)],
          ['Outcome', outcome ?? ''],
          [
            'Reason',
            reason === null
              ? ''
              : lineOf(typeof reason === 'string' ? reason : JSON.stringify(reason), 1_000),
          ],
          [
            'Also about',
            objects
              .filter((one) => one !== entity)
              .map((one) => lineOf(one, 100))
              .join(', '),
          ],
          ['From', entry.ip_address ?? ''],
          ['With', entry.user_agent === null ? '' : lineOf(entry.user_agent, 300)],
          ['Component', lineOf(entry.component, 100)],
          ['Trace', entry.trace_id === null ? '' : lineOf(entry.trace_id, 100)],
          ['Cut off', entry.truncated?.join(', ') ?? ''],
        ]}
      />
      {Object.keys(metadata).length > 0 && (
        <>
          <h2>Metadata</h2>
          <JsonTree value={metadata} field="data.metadata" />
        </>
      )}
      {Object.keys(data).length > 0 && (
        <>
          <h2>Data</h2>
          <JsonTree value={data} field="data" />
        </>
      )}
    </>
  );
}
