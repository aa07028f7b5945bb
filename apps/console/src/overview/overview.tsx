import { lineOf } from '../entry/visible-text.js';
import { durationText } from '../explore/entry-row.js';
import { Failure } from '../explore/list-state.js';
import { RefreshButton } from '../explore/refresh-button.js';
import { TimePicker } from '../explore/time-picker.js';
import { patternFilters } from '../state/pattern-filters.js';
import { momentText } from '../state/time-range.js';
import { go } from '../state/view.js';
import { bytesText, Card, Fact } from './card.js';
import { CostCards } from './cost-card.js';
import { cost, type Figures, figures, figuresTrouble } from './overview-state.js';
import { StoreFacts } from './store-facts.js';
import { WritersTable } from './writers-table.js';
import '../style/pages.css';

/** How it stands: requests, errors, times, who asks, who writes, what is kept. */
export function Overview() {
  const now = figures.value;
  const trouble = figuresTrouble.value;
  return (
    <div class="overview">
      <div class="bar">
        <h1>Overview</h1>
        <span class="spacer" />
        <TimePicker />
        <RefreshButton />
      </div>
      <main>
        {trouble !== undefined && <Failure trouble={trouble} what="The figures cannot be read" />}
        {now === undefined && trouble === undefined && <p class="hint">Counting…</p>}
        {now !== undefined && <FiguresView now={now} />}
      </main>
    </div>
  );
}

function FiguresView({ now }: { readonly now: Figures }) {
  const { requests, response_times: times, unique_visitors: visitors, entries } = now.stats;
  const notes = new Set(
    [requests.note, entries.note, times.note, visitors.note].filter((note) => note !== null),
  );
  return (
    <>
      <div class="tiles">
        <Tile
          name="Requests"
          value={requests.total.toLocaleString()}
          more={`${rateText(requests.per_second)} a second`}
        />
        <Tile
          name="Error rate"
          value={requests.error_rate === null ? '–' : `${(requests.error_rate * 100).toFixed(1)} %`}
          more={`${requests.errors.toLocaleString()} with status 400 and up`}
        />
        <Tile name="p50" value={msText(times.p50_ms)} more="response time" />
        <Tile name="p95" value={msText(times.p95_ms)} more={`p90 ${msText(times.p90_ms)}`} />
        <Tile name="p99" value={msText(times.p99_ms)} more={`of ${times.count.toLocaleString()} timed`} />
        <Tile name="Visitors" value={visitors.count?.toLocaleString() ?? '–'} more="different client IPs" />
        <Tile
          name="Entries"
          value={entries.total.toLocaleString()}
          more={`${(entries.by_level.ERROR ?? 0).toLocaleString()} of level ERROR`}
        />
      </div>
      {[...notes].map((note) => (
        <p class="hint" key={note}>{`Not exact: ${note}`}</p>
      ))}
      <div class="cards">
        <Ranking title="Busiest paths" of={now.paths.top} filterOf={patternFilters} />
        <Ranking
          title="Most failing paths"
          of={now.failing.top}
          filterOf={(value) => [
            ...patternFilters(value),
            { name: 'status', value: '4xx', not: false },
            { name: 'status', value: '5xx', not: false },
          ]}
        />
        <Ranking
          title="Busiest clients"
          of={now.clients.top}
          filterOf={(value) => [{ name: 'ip', value, not: false }]}
        />
        <Card title="Slowest requests">
          {now.slow.logs.length === 0 && <p class="hint">None in this window.</p>}
          <ol class="ranking">
            {now.slow.logs.map((entry) => (
              <li key={entry.id}>
                <button
                  type="button"
                  onClick={() =>
                    go({
                      page: 'explore',
                      filters: [
                        {
                          name: 'min_ms',
                          value: String(Math.floor(entry.response_time_ms ?? 0)),
                          not: false,
                        },
                      ],
                      open: entry.id,
                    })
                  }
                >
                  <span>{lineOf(`${entry.method ?? ''} ${entry.path ?? entry.message}`, 120)}</span>
                  <b>{msText(entry.response_time_ms ?? null)}</b>
                </button>
              </li>
            ))}
          </ol>
        </Card>
      </div>
      <Card title="Writers and their delivery accounts">
        <WritersTable delivery={now.delivery} />
      </Card>
      {cost.value !== undefined && <CostCards cost={cost.value} />}
      <div class="cards">
        <Card title="Store">
          <StoreFacts health={now.health} />
        </Card>
        <Card title="Archive">
          <ArchiveFacts archive={now.archive.archive} />
        </Card>
      </div>
    </>
  );
}

function ArchiveFacts({ archive }: { readonly archive: Figures['archive']['archive'] }) {
  if (archive === null) return <p class="hint">There is none: DATA_DIR is not set, or DuckDB is missing.</p>;
  return (
    <dl class="facts">
      <Fact
        name="Sealed"
        value={`${archive.entries.toLocaleString()} entries in ${archive.files.toLocaleString()} files`}
      />
      <Fact name="Size" value={bytesText(archive.bytes)} />
      <Fact name="Not sealed yet" value={archive.unsealed.toLocaleString()} />
      <Fact
        name="Newest sealed"
        value={archive.newest_sealed === null ? '–' : momentText(Date.parse(archive.newest_sealed))}
      />
      <Fact
        name="Redis has all from"
        value={archive.redis_from === null ? 'the oldest on' : momentText(Date.parse(archive.redis_from))}
      />
      {archive.erasing > 0 && (
        <Fact name="Being erased from" value={`${archive.erasing.toLocaleString()} files`} />
      )}
      <Fact
        name="Trouble"
        value={archive.trouble ?? archive.lack ?? 'none'}
        isBad={archive.trouble !== null || archive.lack !== null}
      />
    </dl>
  );
}

interface RankingProps {
  readonly title: string;
  readonly of: readonly { readonly value: string; readonly count: number }[];
  readonly filterOf: (value: string) => { name: string; value: string; not: boolean }[];
}

function Ranking({ title, of, filterOf }: RankingProps) {
  const most = Math.max(1, ...of.map(({ count }) => count));
  return (
    <Card title={title}>
      {of.length === 0 && <p class="hint">None in this window.</p>}
      <ol class="ranking">
        {of.map(({ value, count }) => (
          <li key={value}>
            <span class="share">
              <span style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <button
              type="button"
              onClick={() => go({ page: 'explore', filters: filterOf(value), open: undefined })}
            >
              <span>{lineOf(value.replace(/^([A-Z]+):/, '$1 '), 120)}</span>
              <b>{count.toLocaleString()}</b>
            </button>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Tile({
  name,
  value,
  more,
}: {
  readonly name: string;
  readonly value: string;
  readonly more: string;
}) {
  return (
    <div class="tile">
      <span>{name}</span>
      <b>{value}</b>
      <span>{more}</span>
    </div>
  );
}

function msText(ms: number | null): string {
  return ms === null ? '–' : durationText(ms);
}

function rateText(value: number): string {
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString();
}
