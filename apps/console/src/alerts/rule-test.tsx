import { useState } from 'preact/hooks';
import { lineOf } from '../entry/visible-text.js';
import { client, type Trouble, troubleOf } from '../state/api.js';
import { momentText } from '../state/time-range.js';
import { ValuesChart } from './alert-chart.js';
import { durationMs, type KnownRule, labelsText, valueText } from './alerts-state.js';

const SPANS = [
  [1, 'hour'],
  [24, '24 hours'],
  [168, '7 days'],
] as const;
/** Values a chart has at most. */
const MOST_WINDOWS = 2_000;
const SHOWN = 50;

type Tried = Awaited<ReturnType<typeof ask>>;

/** Says when a rule would have fired. */
export function RuleTest({ known: { rule, condition } }: { readonly known: KnownRule }) {
  const [hours, setHours] = useState(24);
  const [isTrying, setTrying] = useState(false);
  const [tried, setTried] = useState<Tried | undefined>(undefined);
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const test = async () => {
    setTrying(true);
    try {
      setTried(await ask(rule.id, hours));
      setTrouble(undefined);
    } catch (error) {
      setTrouble(troubleOf(error));
    }
    setTrying(false);
  };
  const fits = tried !== undefined && tried.windows <= MOST_WINDOWS;
  return (
    <section class="rule-test" aria-busy={isTrying}>
      <h2>When it would have fired</h2>
      <div class="buttons">
        <label>
          In the last{' '}
          <select
            value={String(hours)}
            onChange={({ currentTarget }) => setHours(Number(currentTarget.value))}
          >
            {SPANS.map(([value, title]) => (
              <option key={value} value={String(value)}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="primary" disabled={isTrying} onClick={() => void test()}>
          {isTrying ? 'Testing…' : 'Test'}
        </button>
        <output class={trouble === undefined ? '' : 'bad'}>
          {trouble !== undefined
            ? trouble.message
            : tried !== undefined &&
              `It would have fired ${tried.fired === 1 ? 'once' : `${tried.fired.toLocaleString()} times`} in ${tried.windows.toLocaleString()} windows.`}
        </output>
      </div>
      {tried !== undefined && (rule.group_by ?? []).length === 0 && (
        <ValuesChart
          rule={rule.id}
          labels={{}}
          from={
            fits
              ? Date.parse(tried.from)
              : Date.parse(tried.to) - MOST_WINDOWS * durationMs(rule.every ?? '1m')
          }
          to={Date.parse(tried.to)}
          threshold={rule.threshold ?? 0}
          condition={condition}
          marks={[]}
        />
      )}
      {tried !== undefined && tried.events.length > 0 && (
        <ol class="events">
          {tried.events.slice(-SHOWN).map(({ id, at, status, value, labels }) => (
            <li key={id}>
              <time dateTime={at}>{momentText(Date.parse(at))}</time>
              <span class={`state-tag ${status === 'firing' ? 'failed' : 'complete'}`}>{status}</span>
              <span>
                {lineOf(
                  [valueText(value), labelsText(labels)].filter((text) => text !== '').join(' · '),
                  200,
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function ask(rule: string, hours: number) {
  return client.ask('POST /api/alerts/test', { body: { rule, hours } });
}
