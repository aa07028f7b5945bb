import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colourChanges, colourOf } from '../state/theme.js';
import { clockText, momentText } from '../state/time-range.js';
import { go } from '../state/view.js';
import { histogram, histogramTrouble, SPLITS, split } from './histogram-state.js';

/** Lowest in the stack first. */
const CLASSES = {
  level: ['TRACE', 'DEBUG', 'INFO', 'AUDIT', 'WARNING', 'ERROR', 'CRITICAL'],
  status: ['1xx', '2xx', '3xx', '4xx', '5xx'],
} as const;
const HEIGHT = 96;
const MIN_ZOOM_MS = 10;

/** Entries over time, stacked; dragging over it zooms. */
export function Histogram() {
  const place = useRef<HTMLDivElement>(null);
  const alone = useSignal<string | undefined>(undefined);
  const counted = histogram.value;
  const by = split.value;
  const colours = colourChanges.value;
  const classes =
    counted === undefined
      ? []
      : CLASSES[by].filter((one) => counted.buckets.some(({ by: of }) => (of[one] ?? 0) > 0));
  const shown = classes.filter((one) => alone.value === undefined || alone.value === one);

  useEffect(() => {
    const element = place.current;
    if (element === null || counted === undefined) return;
    const chart = draw(element, counted, shown);
    const sizes = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      chart.destroy();
    };
  }, [counted, alone.value, colours]);

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

function draw(
  element: HTMLElement,
  counted: NonNullable<typeof histogram.value>,
  shown: readonly string[],
): uPlot {
  const starts = counted.buckets.map(({ from }) => Date.parse(from) / 1000);
  const width = counted.bucket_ms / 1000;
  // Each series is drawn with all below it, the tallest first, so that what is left to see of it is its own part.
  const stacked: number[][] = [];
  for (const one of shown) {
    const below = stacked.at(-1);
    stacked.push(counted.buckets.map(({ by }, i) => (by[one] ?? 0) + (below?.[i] ?? 0)));
  }
  const bars = uPlot.paths.bars?.({ size: [0.86, 40], align: 1 });
  const axis = {
    stroke: colourOf('--faint'),
    grid: { stroke: colourOf('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  };
  const end = (starts.at(-1) ?? 0) + width;
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [6, 8, 0, 0],
      cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false },
      scales: {
        x: { range: () => [starts[0] ?? 0, end] },
        y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] },
      },
      axes: [
        {
          ...axis,
          size: 22,
          gap: 4,
          space: 90,
          grid: { show: false },
          values: (_, ticks) => ticks.map((tick) => tickText(tick * 1000, end - (starts[0] ?? 0))),
        },
        {
          ...axis,
          size: 44,
          gap: 4,
          space: 26,
          incrs: [
            1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7, 1e8,
          ],
          values: (_, ticks) => ticks.map((tick) => short(tick)),
        },
      ],
      series: [
        {},
        ...shown
          .map((one) => ({
            label: one,
            fill: colourOf(`--c-${one}`),
            width: 0,
            ...(bars && { paths: bars }),
            points: { show: false },
          }))
          .reverse(),
      ],
      hooks: {
        setSelect: [
          (chart) => {
            const { left, width: wide } = chart.select;
            if (wide < 4) return;
            const [from, to] = [left, left + wide].map((at) => Math.round(chart.posToVal(at, 'x') * 1000));
            if (from !== undefined && to !== undefined && to - from >= MIN_ZOOM_MS)
              go({ range: { from, to }, live: false });
          },
        ],
      },
    },
    [starts, ...stacked.reverse()] as uPlot.AlignedData,
    element,
  );
}

function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(value);
}

/** The clock, with the day where the chart has more than one. */
function tickText(ms: number, spanS: number): string {
  if (spanS > 36 * 3600) return momentText(ms).slice(5, spanS > 5 * 86_400 ? 10 : 16);
  return clockText(ms, false).slice(0, spanS < 600 ? 8 : 5);
}
