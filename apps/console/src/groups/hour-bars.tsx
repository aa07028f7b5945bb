import { momentText, type Window } from '../state/time-range.js';

const HOUR_MS = 3_600_000;
/** Bars at most; past that an hour is narrower than a pixel. */
const MAX_BARS = 400;
const HEIGHT = 48;

interface HourBarsProps {
  readonly hours: readonly { readonly hour: string; readonly count: number }[];
  readonly window: Window;
}

/** Counts by hour over a window, as bars. */
export function HourBars({ hours, window: { from, to } }: HourBarsProps) {
  const last = Math.floor(to / HOUR_MS);
  const first = Math.max(Math.floor(from / HOUR_MS), last - MAX_BARS + 1);
  const bars = last - first + 1;
  const most = Math.max(1, ...hours.map(({ count }) => count));
  if (bars < 2) return null;
  const top = hours.reduce((a, b) => (b.count > a.count ? b : a), { hour: '', count: 0 });
  return (
    <svg
      class="hour-bars"
      viewBox={`0 0 ${bars} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`By hour, at most ${top.count} from ${momentText(Date.parse(top.hour))} on`}
    >
      {hours.map(({ hour, count }) => {
        const height = Math.max(2, (count / most) * HEIGHT);
        return (
          <rect
            key={hour}
            x={Math.floor(Date.parse(hour) / HOUR_MS) - first + 0.08}
            width={0.84}
            y={HEIGHT - height}
            height={height}
          >
            <title>{`${momentText(Date.parse(hour))}: ${count.toLocaleString()}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
