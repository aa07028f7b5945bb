import { lineOf, visibleText } from '../entry/visible-text.js';
import { Facts } from '../list-page/facts.js';
import { Detail } from '../list-page/list-page.js';
import type { Filter } from '../state/filters.js';
import { isFilterName } from '../state/filters.js';
import { may } from '../state/session.js';
import { momentText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { go, goToPage } from '../state/view.js';
import { AlertActions } from './alert-actions.js';
import { ValuesChart } from './alert-chart.js';
import {
  askRules,
  durationMs,
  type KnownRule,
  labelsText,
  type ShownAlert,
  valueText,
} from './alerts-state.js';

/** Windows before an alert began and after it ended that are drawn at least, and in all at most. */
const [AROUND, MOST_WINDOWS] = [20, 1_200];

/** One alert: what it measured, when it began, fired and ended; what to do about it. */
export function AlertView({ alert }: { readonly alert: ShownAlert }) {
  const rules = useReply('rules', askRules);
  const known = rules.reply?.rules.find(({ rule }) => rule.id === alert.rule);
  const { active, status } = alert;
  const at = (ms: number | undefined) => (ms === undefined ? '' : momentText(ms));
  return (
    <Detail
      label="Alert"
      head={
        <>
          <span
            class={`state-tag ${status === 'firing' ? 'failed' : status === 'pending' ? 'abandoned' : ''}`}
          >
            {status}
          </span>
          <strong>{lineOf(alert.name, 120)}</strong>
          <span class="hint">{lineOf(labelsText(alert.labels), 160)}</span>
        </>
      }
    >
      {active?.description != null && <p>{visibleText(active.description)}</p>}
      {known !== undefined && <Chart alert={alert} known={known} />}
      {rules.reply !== undefined && known === undefined && (
        <p class="hint">Its rule is gone, so what it measured cannot be drawn.</p>
      )}
      {rules.trouble !== undefined && <p class="hint bad">{rules.trouble.message}</p>}
      <div class="buttons">
        {known !== undefined && (
          <>
            <button
              type="button"
              class="primary"
              onClick={() => goToPage('explore', entriesOf(alert, known))}
            >
              Its entries
            </button>
            <button type="button" onClick={() => go({ part: 'rules', open: alert.rule })}>
              Its rule
            </button>
          </>
        )}
        {active?.runbook != null && (
          <a class="button" href={active.runbook} target="_blank" rel="noopener noreferrer">
            Runbook
          </a>
        )}
      </div>
      <Facts
        of={[
          ['Condition', lineOf(alert.condition, 400)],
          ['Value', valueText(alert.value)],
          ['Threshold', valueText(alert.threshold)],
          ['Severity', alert.severity],
          ['Began', at(alert.began)],
          ['Fired', at(alert.fired)],
          ['Ended', at(alert.resolved)],
          ['Why', alert.reason === null ? '' : lineOf(alert.reason, 500)],
          ['Late', alert.late ? 'entries that came late showed it' : ''],
          ['Told', active === undefined ? '' : active.notification_sent ? 'yes' : 'no'],
          [
            'Silenced',
            active?.silenced_until == null ? '' : `until ${momentText(Date.parse(active.silenced_until))}`,
          ],
        ]}
      />
      {active !== undefined &&
        (may('admin') ? (
          <AlertActions alert={active} />
        ) : (
          <p class="hint">Silencing and resolving need a token of scope admin.</p>
        ))}
    </Detail>
  );
}

function Chart({ alert, known }: { readonly alert: ShownAlert; readonly known: KnownRule }) {
  const { from, to } = spanOf(alert, known);
  return (
    <ValuesChart
      rule={alert.rule}
      labels={alert.labels}
      from={from}
      to={to}
      threshold={alert.threshold}
      condition={alert.condition}
      marks={[
        ['began', alert.began],
        ['fired', alert.fired],
        ['ended', alert.resolved],
      ].flatMap(([name, ms]) => (ms === undefined ? [] : [{ name: String(name), ms: Number(ms) }]))}
    />
  );
}

/** The time around an alert that is worth to be seen. */
function spanOf({ began, resolved }: ShownAlert, { rule }: KnownRule): { from: number; to: number } {
  const every = durationMs(rule.every);
  const around = Math.max(AROUND * every, 2 * durationMs(rule.window));
  const end = resolved ?? Date.now();
  const lead = Math.min(Math.max(around, end - began), (MOST_WINDOWS / 2) * every);
  const from = began - lead;
  const to = Math.min(Date.now(), end + around, from + MOST_WINDOWS * every);
  // In whole windows, so that the same is not asked again each time the alerts are.
  return { from: Math.floor(from / every) * every, to: Math.floor(to / every) * every };
}

/** The search for the entries an alert counted. */
function entriesOf({ began, resolved, labels }: ShownAlert, { rule }: KnownRule) {
  const filters: Filter[] = [];
  const add = (name: string, value: string, not: boolean) => {
    if (isFilterName(name) && value !== '') filters.push({ name, value, not });
  };
  for (const [key, values] of Object.entries({ ...rule.filter, ...rule.of })) {
    for (const value of [values].flat()) add(key.replace(/!$/, ''), value, key.endsWith('!'));
  }
  // What a group lacks is called `-`, and nothing finds it.
  for (const [name, value] of Object.entries(labels)) if (value !== '-') add(name, value, false);
  const range = { from: began - durationMs(rule.window), to: Math.min(resolved ?? Date.now(), Date.now()) };
  return { filters, range };
}
