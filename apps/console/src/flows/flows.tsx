import { lineOf, visibleText } from '../entry/visible-text.js';
import { durationText } from '../explore/entry-row.js';
import { FilterChips } from '../explore/filter-chips.js';
import { Failure, Message } from '../explore/list-state.js';
import { RefreshButton } from '../explore/refresh-button.js';
import { TimePicker } from '../explore/time-picker.js';
import { momentText, rangeText } from '../state/time-range.js';
import { go, view } from '../state/view.js';
import { FlowDiagram } from './flow-diagram.js';
import { type Flow, flows, flowsTrouble } from './flows-state.js';
import '../style/pages.css';

/** OAuth flows: which there were, and one of them step by step. */
export function Flows() {
  const { open, range } = view.value;
  const reply = flows.value;
  const trouble = flowsTrouble.value;
  const list = [...(reply?.flows ?? [])].reverse();
  // A link from an entry names the step.
  const flow = list.find(({ id, steps }) => id === open || steps.some((step) => step.id === open));
  return (
    <div class={`flows${flow === undefined ? '' : ' has-flow'}`}>
      <div class="bar">
        <h1>OAuth flows</h1>
        <span class="spacer" />
        <TimePicker />
        <RefreshButton />
      </div>
      <FilterChips />
      <main class="flow-list">
        {trouble !== undefined && <Failure trouble={trouble} />}
        {trouble === undefined && reply === undefined && <p class="hint">Searching…</p>}
        {trouble === undefined && reply !== undefined && list.length === 0 && (
          <Message
            title="No OAuth flows"
            text={`Nothing in: ${rangeText(range)}. Flows come from log_oauth_activity, log_oidc_provider, or an imported access log.`}
          >
            <button type="button" class="primary" onClick={() => go({ range: { hours: 168 } })}>
              Look at 7 days
            </button>
          </Message>
        )}
        {reply?.partial && (
          <p class="hint warn">There was too much to read it all: older flows are missing.</p>
        )}
        {list.map((one) => (
          <FlowItem key={one.id} flow={one} isOpen={one.id === flow?.id} />
        ))}
      </main>
      {flow !== undefined && (
        <section class="flow-view" aria-label="Flow">
          <header>
            <span class={`state-tag ${flow.state}`}>{flow.state}</span>
            <strong>{lineOf(flow.client_id ?? 'unknown client', 60)}</strong>
            {flow.user_id !== null && <span>{lineOf(flow.user_id, 60)}</span>}
            <span class="hint">{flow.client_ips.join(', ')}</span>
            <button
              type="button"
              class="close"
              aria-label="Close the flow (Esc)"
              onClick={() => go({ open: undefined }, { replace: true })}
            >
              ×
            </button>
          </header>
          <Diagnosis flow={flow} />
          <FlowDiagram flow={flow} />
        </section>
      )}
    </div>
  );
}

function FlowItem({ flow, isOpen }: { readonly flow: Flow; readonly isOpen: boolean }) {
  return (
    <button
      type="button"
      class={`item flow-item${isOpen ? ' selected' : ''}`}
      aria-pressed={isOpen}
      onClick={() => go({ open: flow.id }, { replace: view.value.open !== undefined })}
    >
      <span class={`state-tag ${flow.state}`}>{flow.state}</span>
      <span class="who">
        {lineOf(
          [flow.client_id ?? 'unknown client', flow.user_id].filter((text) => text !== null).join(' · '),
          80,
        )}
      </span>
      <time dateTime={flow.started}>{momentText(Date.parse(flow.started))}</time>
      <span class="cause">
        {flow.diagnosis === null
          ? flow.at === null
            ? ''
            : `at ${flow.at}`
          : visibleText(flow.diagnosis.sentence)}
      </span>
      <span class="hint">{`${flow.steps.length} ${flow.steps.length === 1 ? 'step' : 'steps'}, ${durationText(flow.duration_ms)}`}</span>
    </button>
  );
}

function Diagnosis({ flow: { diagnosis, state } }: { readonly flow: Flow }) {
  if (diagnosis === null) return null;
  const { sentence, evidence, change, reference, cause } = diagnosis;
  return (
    <div class={`diagnosis ${state}`}>
      <h2>{visibleText(sentence)}</h2>
      <dl>
        {evidence.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
      <p>
        <strong>What to change: </strong>
        {visibleText(change)}
      </p>
      <p class="hint">
        <a href={reference.url} target="_blank" rel="noopener noreferrer">
          {reference.title}
        </a>
        <code>{cause}</code>
      </p>
    </div>
  );
}
