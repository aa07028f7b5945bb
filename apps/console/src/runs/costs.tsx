import { lineOf } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { askedKey, askedTime, valuesOf } from '../list-page/asked-window.js';
import { ItemsState, ListPage, ShowChoice, showOf } from '../list-page/list-page.js';
import { client } from '../state/api.js';
import { rangeText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { go, view } from '../state/view.js';
import { costText, RUN_PARTS } from './runs-state.js';

const CHOICES = [
  ['model', 'By model'],
  ['run', 'By run'],
  ['tool', 'By tool'],
  ['day', 'By day'],
] as const;
const SHOWN = 200;

/** What was spent, by model, run, tool or day. */
export function Costs() {
  const { range } = view.value;
  const by = showOf(CHOICES);
  const answer = useReply(`${by} ${askedKey()}`, (call) => {
    const user = valuesOf('user');
    const query = { ...askedTime(), by, ...(user.length > 0 && { user }) };
    return client.ask('GET /api/costs', { query, ...call });
  });
  const { reply } = answer;
  const groups = reply?.groups ?? [];
  const most = Math.max(1e-12, ...groups.map(({ cost_usd: cost }) => cost));
  return (
    <ListPage title="Runs" parts={RUN_PARTS} filters={['user']}>
      <div class="choices">
        <ShowChoice label="Costs by" choices={CHOICES} />
      </div>
      {reply !== undefined && groups.length > 0 && (
        <>
          <div class="tiles">
            {(
              [
                ['Spent', costText(reply.total_cost_usd), rangeText(range)],
                ['Tokens', reply.total_tokens.toLocaleString(), 'in all'],
                ['Calls', reply.requests.toLocaleString(), `${costText(reply.average_cost_usd)} each`],
              ] as const
            ).map(([name, value, more]) => (
              <div class="tile" key={name}>
                <span>{name}</span>
                <b>{value}</b>
                <span>{more}</span>
              </div>
            ))}
          </div>
          {reply.partial && <p class="hint warn">There was too much to read it all: the sums are too low.</p>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by the keyboard */}
          <div class="table-place" tabIndex={0} role="region" aria-label="Costs">
            <table class="costs">
              <thead>
                <tr>
                  <th>{CHOICES.find(([name]) => name === by)?.[1].slice(3)}</th>
                  <th class="number">Cost</th>
                  <th class="number">Tokens</th>
                  <th class="number">Calls</th>
                </tr>
              </thead>
              <tbody>
                {groups.slice(0, SHOWN).map(({ name, cost_usd: cost, tokens, requests }) => (
                  <tr key={name}>
                    <td class="share-cell">
                      <span class="share">
                        <span style={{ width: `${(cost / most) * 100}%` }} />
                      </span>
                      {by === 'run' ? (
                        <button
                          type="button"
                          class="more"
                          onClick={() => go({ part: undefined, show: undefined, open: name })}
                        >
                          {lineOf(name, 120)}
                        </button>
                      ) : (
                        lineOf(name, 120)
                      )}
                    </td>
                    <td class="number">{costText(cost)}</td>
                    <td class="number">{tokens.toLocaleString()}</td>
                    <td class="number">{requests.toLocaleString()}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {groups.length > SHOWN && (
            <p class="hint">{`The dearest ${SHOWN} of ${groups.length.toLocaleString()}.`}</p>
          )}
        </>
      )}
      <ItemsState answer={answer} what="Costs cannot be read" hasItems={groups.length > 0}>
        <Message
          title="Nothing was spent"
          text={`In: ${rangeText(range)}. Costs come from track_cost of the logger.`}
        >
          {'hours' in range && range.hours < 720 && (
            <button type="button" class="primary" onClick={() => go({ range: { hours: 720 } })}>
              Look at 30 days
            </button>
          )}
        </Message>
      </ItemsState>
    </ListPage>
  );
}
