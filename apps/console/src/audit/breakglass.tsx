import { lineOf } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { Facts } from '../list-page/facts.js';
import { Detail, Item, ItemsState, ListPage, ShowChoice, showOf } from '../list-page/list-page.js';
import { client } from '../state/api.js';
import { momentText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { goToPage, view } from '../state/view.js';
import { AUDIT_PARTS } from './audit-state.js';

const CHOICES = [
  ['all', 'All'],
  ['active', 'Active'],
  ['used', 'Used'],
  ['expired', 'Expired'],
] as const;

type Glass = Awaited<ReturnType<typeof ask>>['breakglass'][number];

/** Who set a policy out of force, why and until when, in all the time that is kept. */
export function Breakglass() {
  const show = showOf(CHOICES);
  const answer = useReply(show, (call) => ask(show, call));
  const all = [...(answer.reply?.breakglass ?? [])].reverse();
  const shown = all.find(({ id }) => id === view.value.open);
  return (
    <ListPage
      title="Audit"
      parts={AUDIT_PARTS}
      hasTime={false}
      filters="none"
      detail={shown !== undefined && <GlassView glass={shown} />}
    >
      <div class="choices">
        <ShowChoice label="Which breakglass" choices={CHOICES} />
      </div>
      {all.map((glass) => (
        <Item key={glass.id} id={glass.id}>
          <span class={`state-tag ${glass.is_active ? 'failed' : ''}`}>
            {glass.is_active ? 'active' : 'expired'}
          </span>
          <span class="what">{lineOf(glass.policy ?? 'unknown policy', 120)}</span>
          <time class="side" dateTime={glass.enabled_at}>
            {momentText(Date.parse(glass.enabled_at)).slice(0, 19)}
          </time>
          <span class="more">
            {lineOf(
              [`by ${glass.enabled_by ?? 'nobody named'}`, glass.reason ?? '']
                .filter((text) => text !== '')
                .join(' · '),
              200,
            )}
          </span>
          <span class="side">
            {glass.uses === 0 ? 'not used' : `used ${glass.uses.toLocaleString()} times`}
          </span>
        </Item>
      ))}
      {answer.reply?.partial && <p class="hint warn">There was too much to read it all.</p>}
      <ItemsState answer={answer} what="Breakglass cannot be read" hasItems={all.length > 0}>
        <Message
          title={show === 'all' ? 'No policy was set out of force' : 'None of these'}
          text="log_breakglass_activation tells it."
        />
      </ItemsState>
    </ListPage>
  );
}

function GlassView({ glass }: { readonly glass: Glass }) {
  const at = Date.parse(glass.enabled_at);
  const list = (values: readonly string[]) => values.map((value) => lineOf(value, 100)).join(', ');
  return (
    <Detail
      label="Breakglass"
      head={
        <>
          <span class={`state-tag ${glass.is_active ? 'failed' : ''}`}>
            {glass.is_active ? 'active' : 'expired'}
          </span>
          <strong>{lineOf(glass.policy ?? 'unknown policy', 120)}</strong>
        </>
      }
    >
      <div class="buttons">
        <button
          type="button"
          class="primary"
          onClick={() =>
            goToPage('explore', {
              range: { from: at - 60_000, to: at + 60_000 },
              filters: [],
              open: glass.id,
            })
          }
        >
          The whole entry
        </button>
        {glass.run_id !== null && (
          <button type="button" onClick={() => goToPage('runs', { open: glass.run_id ?? undefined })}>
            Its run
          </button>
        )}
      </div>
      <Facts
        of={[
          ['By', lineOf(glass.enabled_by ?? '', 200)],
          ['Reason', lineOf(glass.reason ?? '', 1_000)],
          ['From', momentText(at)],
          ['Until', glass.expires_at === null ? '' : untilText(glass.expires_at)],
          ['Used', glass.uses === 0 ? 'no' : `${glass.uses.toLocaleString()} decisions it let pass`],
          ['Validators', list(glass.affected_validators)],
          ['Decisions', list(glass.affected_decisions)],
          ['Token', glass.token_used === null ? '' : `${lineOf(glass.token_used, 80)} (a keyed hash)`],
        ]}
      />
    </Detail>
  );
}

function untilText(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? lineOf(text, 80) : momentText(ms);
}

function ask(show: string, call: { readonly signal: AbortSignal }) {
  return client.ask('GET /api/audit/breakglass', { query: show === 'all' ? {} : { state: show }, ...call });
}
