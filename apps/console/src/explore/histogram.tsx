import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { colourChanges } from '../state/theme.js';
import { go, view } from '../state/view.js';
import { CHART_HEIGHT, drawChart } from './chart.js';
import { durationText } from './entry-row.js';
import { histogram, histogramTrouble, SPLITS, split } from './histogram-state.js';
import { times, timesTrouble } from './times-state.js';

/** Lowest in the stack first. */
const CLASSES = {
  level: ['TRACE', 'DEBUG', 'INFO', 'AUDIT', 'WARNING', 'ERROR', 'CRITICAL'],
  status: ['1xx', '2xx', '3xx', '4xx', '5xx'],
} as const;

/** Entries over time, stacked; dragging over it zooms. */
export function Histogram() {
  const place = useRef<HTMLDivElement>(null);
  const alone = useSignal<string | undefined>(undefined);
  const counted = histogram.value;
  const by = split.value;
  const colours = colourChanges.value;
  const timed = times.value;
  const classes =
    counted === undefined
      ? []
      : CLASSES[by].filter((one) => counted.buckets.some(({ by: of }) => (of[one] ?? 0) > 0));
  const shown = classes.filter((one) => alone.value === undefined || alone.value === one);

  useEffect(() => {
    const element = place.current;
    if (element === null || counted === undefined) return;
    const chart = drawChart(element, { counted, shown, timed });
    const sizes = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: CHART_HEIGHT }),
    );
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      chart.destroy();
    };
  }, [counted, alone.value, colours, timed]);

  const totals = (one: string) => counted?.buckets.reduce((sum, { by: of }) => sum + (of[one] ?? 0), 0) ?? 0;
  return (
    <section class="histogram" aria-label="Entries over time">
      <div class="legend">
        <strong>
          {counted === undefined
            ? ''
            : `${counted.total.toLocaleString()} ${by === 'level' ? 'entries' : 'requests'}`}
        </strong>
        {classes.map((one) => (
          <button
            key={one}
            type="button"
            class={`dot ${by === 'level' ? one : `s${one[0]}`}`}
            aria-pressed={alone.value === one}
            title={alone.value === one ? 'Show all again' : `Show only ${one} in the chart`}
            onClick={() => {
              alone.value = alone.value === one ? undefined : one;
            }}
          >
            {`${one} ${totals(one).toLocaleString()}`}
          </button>
        ))}
        <span class="spacer" />
        <TimesLegend />
        {counted?.note != null && (
          <span class="hint" title={counted.note}>
            not exact
          </span>
        )}
        <label>
          <span class="off-screen">Stack the chart by</span>
          <select
            value={by}
            onChange={({ currentTarget }) => {
              alone.value = undefined;
              split.value = currentTarget.value as typeof by;
            }}
          >
            {SPLITS.map((one) => (
              <option key={one} value={one}>{`by ${one}`}</option>
            ))}
          </select>
        </label>
      </div>
      {histogramTrouble.value !== undefined && counted === undefined && (
        <p class="hint bad">{histogramTrouble.value.message}</p>
      )}
      <div
        class="chart"
        ref={place}
        role="img"
        aria-label={`Chart of entries over time; ${classes.map((one) => `${one}: ${totals(one)}`).join(', ')}`}
      />
    </section>
  );
}

/** Response times on demand: the highest of each line, and what they do not cover. */
function TimesLegend() {
  const { times: isWanted } = view.value;
  const timed = times.value;
  const highest = (of: 'p50_ms' | 'p95_ms') =>
    Math.max(0, ...(timed?.buckets.map((bucket) => bucket[of] ?? 0) ?? []));
  return (
    <>
      {isWanted && timesTrouble.value !== undefined && (
        <span class="hint bad">{timesTrouble.value.message}</span>
      )}
      {isWanted && timed === undefined && timesTrouble.value === undefined && (
        <span class="hint">Timing…</span>
      )}
      {timed !== undefined && (
        <span class="hint" title={timed.note ?? 'Exactly, of every timed request'}>
          <span class="dot p50">{`p50 up to ${durationText(highest('p50_ms'))}`}</span>{' '}
          <span class="dot p95">{`p95 up to ${durationText(highest('p95_ms'))}`}</span>
        </span>
      )}
      <button
        type="button"
        aria-pressed={isWanted}
        title="Draw response times over the chart"
        onClick={() => go({ times: !isWanted }, { replace: true })}
      >
        p50/p95
      </button>
    </>
  );
}
