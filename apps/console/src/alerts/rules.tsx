import { lineOf } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { Facts } from '../list-page/facts.js';
import { Detail, Item, ItemsState, ListPage } from '../list-page/list-page.js';
import { may } from '../state/session.js';
import { momentText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { view } from '../state/view.js';
import { ALERT_PARTS, askRules, type KnownRule, valueText } from './alerts-state.js';
import { ChannelTest } from './channel-test.js';
import { RuleTest } from './rule-test.js';

const REFRESH_MS = 15_000;
const TONES: Readonly<Record<KnownRule['status'], string>> = {
  ok: 'complete',
  pending: 'abandoned',
  firing: 'failed',
  disabled: '',
  new: '',
};

/** The alert rules, where each stands, and when it would have fired. */
export function Rules() {
  const answer = useReply('rules', askRules, REFRESH_MS);
  const rules = answer.reply?.rules ?? [];
  const shown = rules.find(({ rule }) => rule.id === view.value.open);
  const channels = answer.reply?.channels ?? [];
  return (
    <ListPage
      title="Alerts"
      parts={ALERT_PARTS}
      hasTime={false}
      filters="none"
      detail={shown !== undefined && <RuleView key={shown.rule.id} known={shown} />}
    >
      {rules.map(({ rule, status, condition, value, evaluated_until: until }) => (
        <Item key={rule.id} id={rule.id}>
          <span class={`state-tag ${TONES[status]}`}>{status}</span>
          <span class="what">{lineOf(rule.name ?? rule.id, 120)}</span>
          <span class="side">{until === null ? '' : momentText(Date.parse(until)).slice(11, 19)}</span>
          <span class="more">{lineOf(condition, 240)}</span>
          <span class="side">{value === null ? '' : valueText(value)}</span>
        </Item>
      ))}
      {channels.length > 0 && (
        <section class="channels">
          <h2>Channels</h2>
          {channels.map((channel) => (
            <ChannelTest key={channel.name} channel={channel} mayTest={may('admin')} />
          ))}
        </section>
      )}
      <ItemsState answer={answer} what="Rules cannot be read" hasItems={rules.length > 0}>
        <Message
          title="No alert rules"
          text="Rules stand in the file that ALERT_RULES names, or are made by POST /api/alerts/rules; docs/alerts.md has both."
        />
      </ItemsState>
    </ListPage>
  );
}

function RuleView({ known }: { readonly known: KnownRule }) {
  const { rule, source, status, condition, value, evaluated_until: until, skipped } = known;
  return (
    <Detail
      label="Rule"
      head={
        <>
          <span class={`state-tag ${TONES[status]}`}>{status}</span>
          <strong>{lineOf(rule.name ?? rule.id, 120)}</strong>
          <span class="hint">{rule.severity}</span>
        </>
      }
    >
      {rule.description !== undefined && <p>{lineOf(rule.description, 2_000)}</p>}
      <Facts
        of={[
          ['Condition', lineOf(condition, 400)],
          ['Last value', rule.group_by?.length ? '' : valueText(value)],
          ['Evaluated until', until === null ? 'not yet' : momentText(Date.parse(until))],
          ['Left out', skipped > 0 ? `${skipped.toLocaleString()} windows nobody evaluated` : ''],
          ['Fires after', rule.for ?? ''],
          ['Looks every', rule.every ?? ''],
          ['Channels', rule.channels?.join(', ') || 'none'],
          ['Stands in', source === 'file' ? 'the file ALERT_RULES' : 'Redis, by the API'],
          [
            'Runbook',
            rule.runbook === undefined ? (
              ''
            ) : (
              <a href={rule.runbook} target="_blank" rel="noopener noreferrer">
                {lineOf(rule.runbook, 200)}
              </a>
            ),
          ],
        ]}
      />
      <RuleTest known={known} />
    </Detail>
  );
}
