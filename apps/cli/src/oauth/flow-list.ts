import type { OAuthFlowReply } from '@tailrace/api';
import { createColumns, type Row } from '../print/columns.js';
import { entryTime } from '../print/entry-time.js';
import { printable } from '../print/printable.js';
import { wrapped } from '../print/wrapped.js';
import { type FlowStyle, flowMark, gapText, stateText } from './flow-style.js';

/** Flows, a line each: when, how it stands, client, user, how long it took; under it what went wrong. */
export function flowList(flows: readonly OAuthFlowReply[], style: FlowStyle): string {
  const align = createColumns({
    state: { min: 8, max: 27 },
    client: { min: 6, max: 24 },
    user: { min: 1, max: 24 },
  });
  const lines = align(flows.map((flow) => rowOf(flow, style)));
  return flows.map((flow, i) => `${[lines[i], ...causeLines(flow, style)].join('\n')}\n`).join('');
}

function rowOf(flow: OAuthFlowReply, style: FlowStyle): Row {
  const { sign, paint } = flowMark(flow.state, style, flow.diagnosis !== null);
  return [
    { text: entryTime(flow.started, style.zone), paint: style.palette.dim },
    { column: 'state', text: `${sign} ${stateText(flow.state, flow.at)}`, paint },
    { column: 'client', text: printable(flow.client_id ?? '-') },
    { column: 'user', text: printable(flow.user_id ?? '-') },
    { text: gapText(flow.duration_ms).slice(1), paint: style.palette.dim },
  ];
}

function causeLines({ diagnosis }: OAuthFlowReply, { palette, columns }: FlowStyle): string[] {
  if (diagnosis === null) return [];
  const text = printable(`${diagnosis.sentence} ${diagnosis.reference.title}`);
  return wrapped(text, columns - 4).map((line) => `    ${palette.error(line)}`);
}
