import { useEffect, useRef, useState } from 'preact/hooks';
import type { Entry } from '../state/api.js';
import { momentText } from '../state/time-range.js';
import { go } from '../state/view.js';
import { ContextButtons } from './context-buttons.js';
import { commandOf, copyText, curlOf, jsonOf } from './copy-text.js';
import { relatedOf } from './entry-filters.js';
import { ErrorView } from './error-view.js';
import { JsonTree } from './json-tree.js';
import { LongText } from './long-text.js';
import { PageLinks } from './page-links.js';
import { ValueButtons } from './value-buttons.js';

/** They stand at the top of the panel, or in a part of their own. */
const ELSEWHERE: ReadonlySet<string> = new Set(['message', 'data', 'error']);

/** All of one entry. */
export function EntryPanel({ entry, close }: { readonly entry: Entry; readonly close: () => void }) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (panel.current !== null) panel.current.scrollTop = 0;
  }, [entry.id]);
  const fields = Object.entries(entry).filter(([name]) => !ELSEWHERE.has(name));
  return (
    <aside class="panel" ref={panel} aria-label="Entry">
      <header>
        <span class={`level ${entry.level}`}>{entry.level}</span>
        <time dateTime={entry.timestamp}>{momentText(Date.parse(entry.timestamp))}</time>
        <button type="button" class="close" aria-label="Close the entry (Esc)" onClick={close}>
          ×
        </button>
      </header>
      <div class="message">
        <LongText text={entry.message} pre />
        <ValueButtons field="message" value={entry.message} />
      </div>
      <Actions entry={entry} />
      {entry.error !== undefined && (
        <section>
          <h3>Error</h3>
          <ErrorView error={entry.error} />
        </section>
      )}
      <section>
        <h3>Fields</h3>
        <dl>
          {fields.map(([name, value]) => (
            <Field key={name} name={name} value={value} />
          ))}
        </dl>
      </section>
      {entry.data !== undefined && (
        <section>
          <h3>Data</h3>
          <JsonTree value={entry.data} field="data" />
        </section>
      )}
    </aside>
  );
}

function Field({ name, value }: { readonly name: string; readonly value: unknown }) {
  const values = Array.isArray(value) ? value : [value];
  return (
    <>
      <dt>{name}</dt>
      {values.map((one, i) => (
        <dd key={i}>
          <LongText text={String(one)} pre />
          <ValueButtons field={name} value={one} />
        </dd>
      ))}
    </>
  );
}

function Actions({ entry }: { readonly entry: Entry }) {
  const [said, say] = useState('');
  const copy = async (text: string, what: string) => {
    say((await copyText(text)) ? `Copied ${what}` : 'The browser does not allow copying here');
    setTimeout(() => say(''), 2_000);
  };
  return (
    <div class="actions">
      <div>
        <button type="button" onClick={() => copy(jsonOf(entry), 'JSON')}>
          Copy JSON
        </button>
        <button type="button" onClick={() => copy(curlOf(entry), 'the curl command')}>
          curl
        </button>
        <button type="button" onClick={() => copy(commandOf(entry), 'the tailrace command')}>
          tailrace
        </button>
        <output>{said}</output>
      </div>
      <ContextButtons entry={entry} />
      <div class="related">
        {relatedOf(entry).map(({ label, filter }) => (
          <button key={label} type="button" onClick={() => go({ filters: [filter], live: false })}>
            {label}
          </button>
        ))}
        <PageLinks entry={entry} />
      </div>
    </div>
  );
}
