import { ENDPOINTS, type EndpointName, type EndpointReplyKind } from '@tailrace/api';

/** Whether a gateway of this version, or a newer one, replied: fields that are not known are no difference. */
export function isReply(name: EndpointName, reply: unknown): boolean {
  const kinds: readonly EndpointReplyKind[] = ENDPOINTS[name].replies;
  return kinds.some(({ schema }) => schema?.safeParse(reply).success);
}
