import type { Entry } from '../state/api.js';
import { JsonTree } from './json-tree.js';
import { LongText } from './long-text.js';
import { visibleText } from './visible-text.js';

type EntryError = NonNullable<Entry['error']>;
const MAX_CAUSES = 20;

/** An error with its stack, what it carried, and what caused it. */
export function ErrorView({ error, depth = 0 }: { readonly error: EntryError; readonly depth?: number }) {
  const causes = [...(error.cause === undefined ? [] : [error.cause]), ...(error.errors ?? [])];
  return (
    <div class="error-view">
      <div class="error-name">
        {visibleText(error.type)}
        {error.code !== undefined && <code>{visibleText(error.code)}</code>}
      </div>
      <LongText text={error.message} pre />
      {error.stack !== undefined && (
        <details open={depth === 0}>
          <summary>Stack</summary>
          <LongText text={error.stack} pre />
        </details>
      )}
      {error.data !== undefined && <JsonTree value={error.data} field="error.data" />}
      {depth < MAX_CAUSES &&
        causes.map((cause, i) => (
          <div class="cause" key={i}>
            <span class="label">{i === 0 && error.cause !== undefined ? 'caused by' : 'together with'}</span>
            <ErrorView error={cause} depth={depth + 1} />
          </div>
        ))}
    </div>
  );
}
