import { lineOf } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { Item, ItemsState, ListPage, partOf } from '../list-page/list-page.js';
import { momentText, rangeText, windowOf } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { go, view } from '../state/view.js';
import { AlertView } from './alert-view.js';
import {
  ALERT_PARTS,
  activeAlerts,
  askAlerts,
  labelsText,
  MOST_EVENTS,
  pastAlerts,
  type ShownAlert,
  valueText,
  wasIn,
} from './alerts-state.js';
import { Rules } from './rules.js';

const REFRESH_MS = 10_000;

/** What is wrong now, and was; and the rules that say so. */
export function Alerts() {
  return partOf(ALERT_PARTS) === 'rules' ? <Rules /> : <AlertList />;
}

function AlertList() {
  const { open, range } = view.value;
  const answer = useReply('alerts', askAlerts, REFRESH_MS);
  const { reply } = answer;
  const active = reply === undefined ? [] : activeAlerts(reply);
  const all = reply === undefined ? [] : pastAlerts(reply);
  const window = windowOf(range, Date.now());
  const past = all.filter((alert) => wasIn(alert, window));
  const shown = [...active, ...all].find(({ id }) => id === open);
  return (
    <ListPage
      title="Alerts"
      parts={ALERT_PARTS}
      filters="none"
      detail={shown !== undefined && <AlertView key={shown.id} alert={shown} />}
    >
      {reply !== undefined && (
        <>
          <h2>Now</h2>
          {active.length === 0 && <p class="hint">Nothing is wrong by any rule.</p>}
          {active.map((alert) => (
            <AlertItem key={alert.id} alert={alert} />
          ))}
          <h2>{`Before, in: ${rangeText(range)}`}</h2>
          {past.map((alert) => (
            <AlertItem key={alert.id} alert={alert} />
          ))}
          {past.length === 0 && (
            <p class="hint">
              {all.length === 0 ? 'No alert has fired yet. ' : 'No alert fired in that time. '}
              {all.length > 0 && 'hours' in range && range.hours < 720 && (
                <button type="button" onClick={() => go({ range: { hours: 720 } })}>
                  Look at 30 days
                </button>
              )}
              <button type="button" onClick={() => go({ part: 'rules', open: undefined })}>
                Look at the rules
              </button>
            </p>
          )}
          {reply.history.length >= MOST_EVENTS && (
            <p class="hint warn">{`Older than the newest ${MOST_EVENTS.toLocaleString()} events is not listed.`}</p>
          )}
          <Notifications of={reply.notifications} />
        </>
      )}
      <ItemsState answer={answer} what="Alerts cannot be read" hasItems={reply !== undefined}>
        <Message title="No alerts" text="This gateway evaluates none." />
      </ItemsState>
    </ListPage>
  );
}

function AlertItem({ alert }: { readonly alert: ShownAlert }) {
  const { id, name, severity, status, labels, value, threshold, began, resolved, active } = alert;
  const silenced = active?.silenced_until ?? null;
  return (
    <Item id={id}>
      <span class={`state-tag ${status === 'resolved' ? '' : status === 'firing' ? 'failed' : 'abandoned'}`}>
        {status}
      </span>
      <span class="what">
        {lineOf([name, labelsText(labels)].filter((text) => text !== '').join(' · '), 160)}
      </span>
      <span class="side">{momentText(began).slice(0, 19)}</span>
      <span class="more">
        {`${severity} · ${valueText(value)} where ${valueText(threshold)} is the threshold`}
        {silenced !== null && ' · silenced'}
      </span>
      <span class="side">{resolved === undefined ? '' : `for ${spanText(resolved - began)}`}</span>
    </Item>
  );
}

function Notifications({ of }: { readonly of: Awaited<ReturnType<typeof askAlerts>>['notifications'] }) {
  const { waiting, delivered, failed, given_up: givenUp, lost } = of;
  const bad = givenUp + lost;
  return (
    <p class="hint coverage">
      {`Notifications: ${delivered.toLocaleString()} delivered, ${waiting.toLocaleString()} waiting, ${failed.toLocaleString()} failed attempts`}
      {bad > 0 && <span class="bad">{`, ${bad.toLocaleString()} given up or lost`}</span>}
    </p>
  );
}

/** `40 s`, `12 min`, `3.5 h`. */
export function spanText(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 360_000) / 10} h`;
}
