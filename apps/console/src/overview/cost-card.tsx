import { useState } from 'preact/hooks';
import { lineOf } from '../entry/visible-text.js';
import { bytesText, Card, Fact } from './card.js';
import type { Cost } from './overview-state.js';

type Part = Cost['redis']['parts'][number];
const SHOWN = 8;

/** What logs take in Redis and in the archive, how fast that grows, and for how long there is room. */
export function CostCards({ cost: { redis, archive } }: { readonly cost: Cost }) {
  return (
    <div class="cards">
      <Card title="What logs cost in Redis">
        <dl class="facts">
          <Fact name="Logs" value={bytesText(redis.bytes)} />
          <Fact
            name="Memory"
            value={`${bytesText(redis.used_bytes)}${redis.max_bytes === 0 ? ', no bound' : ` of ${bytesText(redis.max_bytes)}`}`}
          />
          <Fact
            name="Growth"
            value={redis.bytes_per_day === null ? 'not known yet' : `${bytesText(redis.bytes_per_day)} a day`}
          />
          <Fact name="Full" value={fullText(redis)} />
        </dl>
        <p class="hint">
          {`An estimate, from ${redis.sampled.toLocaleString()} of ${redis.entries.toLocaleString()} entries.`}
        </p>
        <Parts groups={{ part: redis.parts, component: redis.components, class: redis.classes }} />
      </Card>
      <Card title="What logs cost in the archive">
        {archive === null ? (
          <p class="hint">There is no archive.</p>
        ) : (
          <>
            <dl class="facts">
              <Fact name="Files" value={bytesText(archive.bytes)} />
              <Fact name="Entries" value={archive.entries.toLocaleString()} />
              <Fact
                name="Growth"
                value={
                  archive.bytes_per_day === null
                    ? 'no day is over yet'
                    : `${bytesText(archive.bytes_per_day)} a day`
                }
              />
              <Fact
                name="Disk"
                value={archive.free_bytes === null ? 'not known' : `${bytesText(archive.free_bytes)} free`}
              />
            </dl>
            <Parts groups={{ class: archive.classes, component: archive.components ?? [] }} />
          </>
        )}
      </Card>
    </div>
  );
}

/** One table, by what one chooses. */
function Parts({ groups }: { readonly groups: Readonly<Record<string, readonly Part[]>> }) {
  const names = Object.keys(groups);
  const [by, choose] = useState(names[0] ?? '');
  const parts = groups[by] ?? [];
  const most = Math.max(1, ...parts.map(({ bytes }) => bytes));
  return (
    <>
      <div class="segments" role="group" aria-label="Bytes by">
        {names.map((name) => (
          <button key={name} type="button" aria-pressed={by === name} onClick={() => choose(name)}>
            {`by ${name}`}
          </button>
        ))}
      </div>
      {parts.length === 0 && <p class="hint">Nothing yet.</p>}
      <ol class="ranking">
        {parts.slice(0, SHOWN).map(({ name, bytes, entries }) => (
          <li key={name}>
            <span class="share">
              <span style={{ width: `${(bytes / most) * 100}%` }} />
            </span>
            <div class="part" title={entries === null ? '' : `${entries.toLocaleString()} entries`}>
              <span>{lineOf(name, 60)}</span>
              <b>{bytesText(bytes)}</b>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

function fullText({ days_left: days, days_left_reason: reason }: Cost['redis']): string {
  if (reason === 'no_bound') return 'no maxmemory is set';
  if (reason === 'levels_off') return 'never: as much leaves as comes';
  if (reason === 'too_young' || days === null) return 'not known yet';
  return days < 2 ? `in ${Math.round(days * 24)} hours` : `in ${Math.round(days).toLocaleString()} days`;
}
