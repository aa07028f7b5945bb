import type { Format } from '../../format.js';
import { refuse } from '../../parsed-line.js';
import { parseClfTail } from '../../text/clf-tail.js';
import { countOf, splitFields, statusOf, textOf } from '../../text/fields.js';
import { parseClfLine, splitClfLine } from './clf.js';

const END = / \d{1,12} "[^"]{0,500}" "[^"]{0,2000}" (\d{1,12})ms$/;

/** Traefik's access log in its common format: count, router, server and duration behind the user agent. */
export const traefikClf: Format = {
  name: 'traefik-clf',
  title: 'Traefik access log, common format',
  reference: 'https://doc.traefik.io/traefik/observe/logs-and-access-logs/#log-formats',
  detect: ({ text }) => text.endsWith('ms') && END.test(text.slice(-2600)),
  parse({ text }, { zone }) {
    const end = END.exec(text.slice(-2600));
    if (end === null) return refuse('unknown_format', 'no line of Traefik');
    const line = splitClfLine(text.slice(0, text.length - end[0].length), zone);
    // A user agent and a duration alone look like the end of such a line.
    if ('refused' in line) return parseClfLine(text, zone);
    const { referrer, user_agent, extra } = parseClfTail(line.rest);
    const [count, router, server] = splitFields(end[0].trim()) ?? [];
    const data = {
      ...line.data,
      extra,
      request_count: countOf(count?.text),
      router: textOf(router?.text),
      server_url: textOf(server?.text),
    };
    return {
      entry: {
        ...line.entry,
        referrer,
        user_agent,
        response_time_ms: statusOf(end[1]) ?? 0,
        data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
      },
    };
  },
};
