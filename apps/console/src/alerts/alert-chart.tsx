import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { client } from '../state/api.js';
import { colourChanges, colourOf } from '../state/theme.js';
import { clockText, momentText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { valueText } from './alerts-state.js';

const HEIGHT = 170;
const HOUR_MS = 3_600_000;

interface ValuesChartProps {
  readonly rule: string;
  /** The group that is drawn; `{}` of a rule without groups. */
  readonly labels: Readonly<Record<string, string>>;
  readonly from: number;
  readonly to: number;
  readonly threshold: number;
  /** The condition the alert had. */
  readonly condition: string;
  /** Moments that are marked, by their names. */
  readonly marks: readonly { readonly name: string; readonly ms: number }[];
}

/** What a rule measured, window by window, beside its threshold. */
export function ValuesChart({ rule, labels, from, to, threshold, condition, marks }: ValuesChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const { reply, trouble, isLoading } = useReply(JSON.stringify([rule, labels, from, to]), (call) =>
    client.ask('POST /api/alerts/test', {
      body: {
        rule,
        hours: Math.max(0.001, (to - from) / HOUR_MS),
        until: new Date(to).toISOString(),
        values_of: labels,
      },
      ...call,
    }),
  );
  const colours = colourChanges.value;
  const points = reply?.values ?? [];
  useEffect(() => {
    const element = place.current;
    if (element === null || points.length === 0) return;
    const chart = draw(element, points, threshold, marks);
    const sizes = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      chart.destroy();
    };
  }, [reply, colours, JSON.stringify(marks)]);
  const highest = points.reduce<(typeof points)[number] | undefined>(
    (top, point) =>
      point.value !== null && point.value > (top?.value ?? Number.NEGATIVE_INFINITY) ? point : top,
    undefined,
  );
  const said =
    highest === undefined
      ? 'There is no data in this time.'
      : `Highest: ${valueText(highest.value)} at ${momentText(Date.parse(highest.at))}. Threshold: ${valueText(threshold)}.`;
  return (
    <figure class="values-chart">
      <div
        ref={place}
        class="chart-place"
        role="img"
        aria-busy={isLoading}
        aria-label={`What was measured. ${said} ${marks.map(({ name, ms }) => `${name} ${momentText(ms)}`).join(', ')}`}
      />
      <figcaption class="hint">
        {trouble !== undefined ? (
          <span class="bad">{`What was measured cannot be read: ${trouble.message}`}</span>
        ) : reply === undefined ? (
          'Measuring…'
        ) : (
          said
        )}
        {reply !== undefined && reply.condition !== condition && (
          <span class="warn">{` The rule was changed since: ${reply.condition}`}</span>
        )}
      </figcaption>
    </figure>
  );
}

function draw(
  element: HTMLElement,
  points: readonly { readonly at: string; readonly value: number | null }[],
  threshold: number,
  marks: ValuesChartProps['marks'],
): uPlot {
  const times = points.map(({ at }) => Date.parse(at) / 1_000);
  const highest = Math.max(threshold, ...points.map(({ value }) => value ?? 0));
  const axis = {
    stroke: colourOf('--faint'),
    grid: { stroke: colourOf('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  };
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [16, 8, 0, 0],
      cursor: { show: false },
      scales: {
        // A line of one point has no width.
        x: { range: () => [(times[0] ?? 0) - 1, (times.at(-1) ?? 0) + 1] },
        y: { range: () => [0, highest <= 0 ? 1 : highest * 1.1] },
      },
      axes: [
        {
          ...axis,
          size: 22,
          gap: 4,
          space: 90,
          grid: { show: false },
          values: (_, ticks) => ticks.map((tick) => tickText(tick * 1_000, times)),
        },
        { ...axis, size: 52, gap: 4, space: 30, values: (_, ticks) => ticks.map((tick) => valueText(tick)) },
      ],
      series: [
        {},
        {
          stroke: colourOf('--accent'),
          width: 1.5,
          fill: `color-mix(in srgb, ${colourOf('--accent')} 12%, transparent)`,
          points: { show: points.length < 40, size: 4 },
        },
      ],
      hooks: {
        draw: [
          (chart) => {
            const { ctx, bbox } = chart;
            const px = devicePixelRatio;
            const y = Math.round(chart.valToPos(threshold, 'y', true));
            ctx.save();
            ctx.strokeStyle = colourOf('--bad');
            ctx.fillStyle = colourOf('--text');
            ctx.lineWidth = px;
            ctx.setLineDash([5 * px, 4 * px]);
            line(ctx, bbox.left, y, bbox.left + bbox.width, y);
            ctx.setLineDash([2 * px, 2 * px]);
            ctx.strokeStyle = colourOf('--faint');
            ctx.font = `${11 * px}px system-ui`;
            let right = 0;
            for (const { name, ms } of joinedMarks(marks)) {
              const x = Math.round(chart.valToPos(ms / 1_000, 'x', true));
              if (x < bbox.left || x > bbox.left + bbox.width) continue;
              line(ctx, x, bbox.top, x, bbox.top + bbox.height);
              const wide = ctx.measureText(name).width;
              const start = Math.min(x + 3 * px, bbox.left + bbox.width - wide);
              if (start < right) continue;
              ctx.fillText(name, start, bbox.top - 4 * px);
              right = start + wide + 4 * px;
            }
            ctx.restore();
          },
        ],
      },
    },
    [times, points.map(({ value }) => value)],
    element,
  );
}

function line(ctx: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/** Marks of one moment are one, with all their names. */
function joinedMarks(marks: ValuesChartProps['marks']): ValuesChartProps['marks'] {
  return [...new Set(marks.map(({ ms }) => ms))].map((ms) => ({
    ms,
    name: marks
      .filter((mark) => mark.ms === ms)
      .map(({ name }) => name)
      .join(', '),
  }));
}

/** The clock, with seconds or the day where the chart is short or long. */
function tickText(ms: number, times: readonly number[]): string {
  const spanS = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (spanS > 36 * 3_600) return momentText(ms).slice(5, 16);
  return clockText(ms, false).slice(0, spanS < 900 ? 8 : 5);
}
