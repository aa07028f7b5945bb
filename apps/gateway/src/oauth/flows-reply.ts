import type { OAuthFlowsReply } from '@tailrace/api';
import type { FoundFlows } from '@tailrace/query';
import type { GatewayContext } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { mapInSlices } from '../http/slices.js';
import { replyTexts } from '../http/text-stream.js';
import { shownFlow } from './oauth-flow.js';

/** Replies flows, oldest to newest: as many of the newest as there is room for in a page. */
export async function replyFlows(
  c: GatewayContext,
  query: OAuthFlowsReply['query'],
  room: PageRoom,
  { flows, partial }: FoundFlows,
): Promise<Response> {
  const { take, release } = room.open();
  const texts: string[] = [];
  let hasRoom = true;
  await mapInSlices(flows.toReversed(), (flow) => {
    if (!hasRoom) return;
    const json = JSON.stringify(shownFlow(flow));
    texts.unshift(json, ',');
    hasRoom = take(json);
  });
  const count = texts.length / 2;
  const rest = { count, partial: partial || count < flows.length } satisfies Partial<OAuthFlowsReply>;
  const head = `{"query":${JSON.stringify(query)},"flows":[`;
  return replyTexts(c, [head, ...texts.slice(0, -1), `],${JSON.stringify(rest).slice(1)}`], release);
}
