import { LongText } from '../entry/long-text.js';
import { lineOf } from '../entry/visible-text.js';

interface Change {
  /** JSON Pointer. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Values before and after, a row each. */
export function Changes({ of }: { readonly of: readonly Change[] }) {
  return (
    <div class="table-place">
      <table class="changes">
        <thead>
          <tr>
            <th>Value</th>
            <th>Before</th>
            <th>After</th>
          </tr>
        </thead>
        <tbody>
          {of.map(({ path, from, to }) => (
            <tr key={path}>
              <th scope="row">{lineOf(pathText(path), 120)}</th>
              <td>
                <OldValue value={from} />
              </td>
              <td>
                <NewValue value={to} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a value was; `undefined`: there was none. */
export function OldValue({ value }: { readonly value: unknown }) {
  if (value === undefined) return <span class="hint">not there</span>;
  return (
    <del>
      <LongText text={valueText(value)} pre />
    </del>
  );
}

/** What a value became; `undefined`: it was taken away. */
export function NewValue({ value }: { readonly value: unknown }) {
  if (value === undefined) return <span class="hint">taken away</span>;
  return (
    <ins>
      <LongText text={valueText(value)} pre />
    </ins>
  );
}

/** `/address/city` as `address.city`. */
export function pathText(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.') || 'all';
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
