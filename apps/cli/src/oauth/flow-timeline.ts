import type { OAuthFlowReply, OAuthStepReply } from '@tailrace/api';
import { entryTime } from '../print/entry-time.js';
import { printable } from '../print/printable.js';
import { wrapped } from '../print/wrapped.js';
import { diagnosisLines } from './diagnosis-lines.js';
import { type FlowStyle, flowMark, gapText, stateText, stepMark } from './flow-style.js';
import { stepDetails, stepSummary } from './step-details.js';

/** `  +1.20s  ✓ authorize  `: what stands before a step's text. */
const GAP_WIDTH = 10;
const NAME_WIDTH = 10;
const TEXT_AT = GAP_WIDTH + 3 + NAME_WIDTH + 1;

/**
 * One flow, a step a line with the time since the step before; under the step that failed, or where the flow ended, what
 * went wrong.
 *
 * @param isDetailed also what each step asked and got
 */
export function flowTimeline(flow: OAuthFlowReply, style: FlowStyle, isDetailed: boolean): string {
  const { palette, columns } = style;
  const steps = isDetailed ? flow.steps.map((step) => ({ step, times: 1 })) : folded(flow.steps);
  const lines = [...headLines(flow, style)];
  const failedId = flow.diagnosis?.step_id ?? null;
  let isExplained = false;
  for (const { step, times } of steps) {
    lines.push(...stepLines(step, times, style));
    if (isDetailed) {
      for (const detail of stepDetails(step)) {
        for (const [i, line] of wrapped(printable(detail), columns - TEXT_AT - 2).entries()) {
          lines.push(palette.dim(`${' '.repeat(TEXT_AT + (i === 0 ? 0 : 2))}${line}`));
        }
      }
    }
    if (flow.diagnosis !== null && step.id === failedId) {
      lines.push(...diagnosisLines(flow.diagnosis, style));
      isExplained = true;
    }
  }
  if (flow.truncated) lines.push(palette.dim(`${' '.repeat(GAP_WIDTH + 1)}… steps between are left out`));
  if (flow.diagnosis !== null && !isExplained) lines.push(...diagnosisLines(flow.diagnosis, style));
  return `${lines.join('\n')}\n`;
}

function headLines(flow: OAuthFlowReply, style: FlowStyle): string[] {
  const { sign, paint } = flowMark(flow.state, style, flow.diagnosis !== null);
  const facts = [
    flow.client_id ?? 'unknown client',
    flow.user_id ?? 'unknown user',
    flow.client_ips.join(', '),
    `${gapText(flow.duration_ms).slice(1)} in all`,
  ];
  const state = `${sign} ${stateText(flow.state, flow.at)}`;
  const text = facts
    .filter((fact) => fact !== '')
    .map(printable)
    .join(' · ');
  const time = entryTime(flow.started, style.zone);
  const [first = '', ...rest] = wrapped(text, style.columns - 2);
  return [
    `${paint(state)}  ${style.palette.dim(time)}`,
    ...[first, ...rest].map((line) => `  ${style.palette.method(line)}`),
  ];
}

function stepLines(step: OAuthStepReply, times: number, style: FlowStyle): string[] {
  const { sign, paint } = stepMark(step.outcome, style);
  const gap = gapText(step.gap_ms).padStart(GAP_WIDTH - 1);
  const text = stepSummary(step) + (times > 1 ? ` ×${times}` : '');
  const [first = '', ...rest] = wrapped(printable(text), style.columns - TEXT_AT);
  const name = printable(step.step).padEnd(NAME_WIDTH);
  const isFailure = step.outcome === 'failure';
  const shown = (line: string) => (isFailure ? style.palette.error(line) : line);
  return [
    `${style.palette.dim(gap)}  ${paint(`${sign} ${name}`)} ${shown(first)}`.trimEnd(),
    ...rest.map((line) => `${' '.repeat(TEXT_AT)}${shown(line)}`),
  ];
}

/** Steps in a row that say the same are one line: a resource server logs every use of a token. */
function folded(steps: readonly OAuthStepReply[]): { step: OAuthStepReply; times: number }[] {
  const lines: { step: OAuthStepReply; times: number }[] = [];
  for (const step of steps) {
    const last = lines.at(-1);
    const isSame =
      last !== undefined &&
      step.outcome !== 'failure' &&
      last.step.step === step.step &&
      last.step.outcome === step.outcome &&
      stepSummary(last.step) === stepSummary(step);
    if (isSame) last.times++;
    else lines.push({ step, times: 1 });
  }
  return lines;
}
