import { useSignal } from '@preact/signals';
import { JsonTree } from '../entry/json-tree.js';
import { lineOf } from '../entry/visible-text.js';
import { durationText } from '../explore/entry-row.js';
import { clockText } from '../state/time-range.js';
import type { Flow, Step } from './flows-state.js';
import { failingStep, PARTIES, wayOf } from './participants.js';

/** A flow as a sequence diagram: who sent what to whom, when, and where it broke. */
export function FlowDiagram({ flow }: { readonly flow: Flow }) {
  const failing = failingStep(flow);
  return (
    <div class="diagram">
      <div class="parties" aria-hidden="true">
        <span />
        {PARTIES.map((party) => (
          <span key={party}>{party}</span>
        ))}
      </div>
      <ol>
        {flow.steps.map((step) => (
          <StepRow key={step.id} step={step} isFailing={step.id === failing} />
        ))}
      </ol>
      {flow.truncated && <p class="hint">It has more steps than are shown.</p>}
    </div>
  );
}

function StepRow({ step, isFailing }: { readonly step: Step; readonly isFailing: boolean }) {
  const isOpen = useSignal(false);
  const [from, to] = wayOf(step);
  const [start, end] = [PARTIES.indexOf(from), PARTIES.indexOf(to)];
  const left = Math.min(start, end);
  const tone = step.outcome === 'failure' || isFailing ? 'failure' : (step.outcome ?? 'begun');
  const what = [step.step, step.oauth.grant_type, step.oauth.error]
    .filter((text) => text !== undefined)
    .join(' · ');
  return (
    <li class={`step ${tone}${isFailing ? ' failing' : ''}`}>
      <button
        type="button"
        class="step-line"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <span class="when">
          <time dateTime={step.timestamp}>{clockText(Date.parse(step.timestamp))}</time>
          <span>{`+${durationText(step.gap_ms)}`}</span>
        </span>
        <span class="lanes">
          <span class={`arrow from-${left} span-${Math.abs(end - start)}${end < start ? ' back' : ''}`}>
            <span class="what">{lineOf(what, 80)}</span>
            <span class="off-screen">{`, ${from} to ${to}, ${tone}`}</span>
          </span>
        </span>
      </button>
      {isOpen.value && (
        <div class="step-detail">
          <p>{`${lineOf(step.message, 400)} (${lineOf(step.component, 60)})`}</p>
          <JsonTree
            value={{
              ...step.oauth,
              ...(step.request && { request: step.request }),
              ...(step.error && { error: step.error }),
            }}
            field="data.oauth"
          />
        </div>
      )}
    </li>
  );
}
