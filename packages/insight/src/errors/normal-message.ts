import { type Entry, pathPattern } from '@tailrace/schema';

/** What differs between two messages that say the same, and what stands for it; in this order. */
const VARIABLES: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>)]{1,2000}/gi, '<url>'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '<email>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\b/g, '<time>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '<ip>'],
  [/(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?:::[0-9a-f:]*)?|(?:[0-9a-f]{1,4}:){1,6}:[0-9a-f:]*/gi, '<ip>'],
  [/(["'`])(?:(?!\1).){1,500}\1/g, '<text>'],
  [/(?:\/[\w.@-]{1,200}){2,40}/g, '<path>'],
  [/\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/(?<![\w.])[-+]?\d+(?:[.,]\d+)*[a-z%]{0,2}(?!\w)/gi, '<number>'],
  [/\b(?=[a-z_-]*\d)(?=\d*[a-z_-])[\w-]{6,}\b/gi, '<id>'],
];

const MAX_LENGTH = 500;

/** A message without what differs from one occurrence to the next: `user <number> has no plan <text>`. */
export function normalMessage(message: string): string {
  let text = message.slice(0, 4 * MAX_LENGTH);
  for (const [pattern, shown] of VARIABLES) text = text.replace(pattern, shown);
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH);
}

/** A request without what differs from one to the next: `GET /users/:id`. */
export function requestName({ method = '', route, path = '' }: Entry): string {
  return `${method} ${route ?? pathPattern(path)}`.slice(0, MAX_LENGTH);
}

/** What an entry says, without what differs. */
export function normalText(entry: Entry): string {
  const { kind, status_code: status, message } = entry;
  return kind === 'request' ? `${requestName(entry)} ${status ?? ''}`.trimEnd() : normalMessage(message);
}
