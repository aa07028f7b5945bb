import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colourOf } from '../state/theme.js';
import { clockText, momentText } from '../state/time-range.js';
import { go } from '../state/view.js';
import { durationText } from './entry-row.js';
import type { histogram } from './histogram-state.js';
import type { times } from './times-state.js';

export const CHART_HEIGHT = 96;
const MIN_ZOOM_MS = 10;

/** What a chart is drawn from. */
export interface ChartFacts {
  readonly counted: NonNullable<typeof histogram.value>;
  /** Classes that are drawn, lowest in the stack first. */
  readonly shown: readonly string[];
  /** Drawn as lines over the bars. */
  readonly timed: typeof times.value;
}

/** Draws entries over time as stacked bars, with response times as lines where they are wanted; dragging over it zooms. */
export function drawChart(element: HTMLElement, { counted, shown, timed }: ChartFacts): uPlot {
  const starts = counted.buckets.map(({ from }) => Date.parse(from) / 1000);
  const width = counted.bucket_ms / 1000;
  // Each series is drawn with all below it, the tallest first, so that what is left to see of it is its own part.
  const stacked: number[][] = [];
  for (const one of shown) {
    const below = stacked.at(-1);
    stacked.push(counted.buckets.map(({ by }, i) => (by[one] ?? 0) + (below?.[i] ?? 0)));
  }
  const lines = linesOf(timed, starts);
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
      height: CHART_HEIGHT,
      legend: { show: false },
      padding: [6, 8, 0, 0],
      cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false },
      scales: {
        ms: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] },
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
        ...(lines.length === 0
          ? []
          : [
              {
                ...axis,
                scale: 'ms',
                side: 1 as const,
                size: 56,
                gap: 4,
                space: 26,
                grid: { show: false },
                values: (_: uPlot, ticks: number[]) => ticks.map((tick) => durationText(tick)),
              },
            ]),
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
        ...lines.map(({ label, colour }) => ({
          label,
          scale: 'ms',
          stroke: colourOf(colour),
          width: 1.5,
          spanGaps: false,
          points: { show: true, size: 3, stroke: colourOf(colour) },
        })),
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
    [starts, ...stacked.reverse(), ...lines.map(({ values }) => values)] as uPlot.AlignedData,
    element,
  );
}

/** A part without timed requests has no point. */
function linesOf(timed: ChartFacts['timed'], starts: readonly number[]) {
  if (timed === undefined) return [];
  const byStart = new Map(timed.buckets.map((bucket) => [Date.parse(bucket.from) / 1000, bucket]));
  return (['p50', 'p95'] as const).map((label) => ({
    label,
    colour: `--c-${label}`,
    values: starts.map((start) => byStart.get(start)?.[`${label}_ms`] ?? null),
  }));
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
