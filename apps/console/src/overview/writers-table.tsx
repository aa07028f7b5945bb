import { lineOf } from '../entry/visible-text.js';
import { momentText } from '../state/time-range.js';
import type { Figures } from './overview-state.js';

/** What became of the entries of each writer: accepted = written + waiting + dropped. */
export function WritersTable({
  delivery: { writers, totals, partial },
}: {
  readonly delivery: Figures['delivery'];
}) {
  if (writers.length === 0) return <p class="hint">Nothing has written yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by the keyboard
    <div class="table-place" tabIndex={0} role="region" aria-label="Writers">
      <table>
        <thead>
          <tr>
            <th>Writer</th>
            <th>Last seen</th>
            <th class="number">Accepted</th>
            <th class="number">Written</th>
            <th class="number">Waiting</th>
            <th class="number">Dropped</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {writers.slice(0, 50).map((writer) => (
            <tr key={writer.id}>
              <td title={writer.id}>
                {lineOf(writer.host === null ? writer.id : `${writer.host} ${writer.pid ?? ''}`, 60)}
              </td>
              <td>{momentText(Date.parse(writer.last_seen)).replace(/\.\d+$/, '')}</td>
              <Numbers account={writer} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>{`${totals.writers.toLocaleString()} writers of the last 7 days`}</td>
            <td />
            <Numbers account={totals} />
          </tr>
        </tfoot>
      </table>
      {partial && <p class="hint">There are more writers than are listed and summed up.</p>}
    </div>
  );
}

function Numbers({
  account,
}: {
  readonly account: Figures['delivery']['totals'] | Figures['delivery']['writers'][number];
}) {
  const dropped = Object.entries(account.dropped).filter(([, count]) => count > 0);
  const lost = dropped.reduce((sum, [, count]) => sum + count, 0);
  return (
    <>
      <td class="number">{account.accepted.toLocaleString()}</td>
      <td class="number">{account.written.toLocaleString()}</td>
      <td class="number">{account.lag.toLocaleString()}</td>
      <td class={lost > 0 ? 'number bad' : 'number'}>{lost.toLocaleString()}</td>
      <td>{dropped.map(([reason, count]) => `${reason} ${count.toLocaleString()}`).join(', ')}</td>
    </>
  );
}
