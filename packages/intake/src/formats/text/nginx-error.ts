import type { Format } from '../../format.js';
import { type Candidate, refuse } from '../../parsed-line.js';
import { isHostName, readAddress, readHost } from '../../values/address.js';
import { readLevel } from '../../values/level-words.js';
import { parseRequestLine } from '../../values/request-line.js';
import { parseIsoTime } from '../../values/time-text.js';

const START =
  /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(emerg|alert|crit|error|warn|notice|info|debug)\] (\d{1,10})#(\d{1,10}): (?:\*(\d{1,20}) )?/;
/** What nginx appends in this order (`ngx_http_log_error`). */
const CONTEXT =
  /^, client: ([^ ,"]{1,100}), server: ([^,"]{0,300})(?:, login: "[^"]{0,300}")?(?:, request: "([\s\S]{0,8192}?)")?(?:, subrequest: "([^"]{0,8192})")?(?:, upstream: "([^"]{0,8192})")?(?:, host: "([^"]{0,300})")?(?:, referrer: "([^"]{0,8192})")?(?:, bytes from\/to client:\d+\/\d+, bytes from\/to upstream:\d+\/\d+)?$/;
const CLIENT_ONLY = /^, client: ([^ ,"]{1,100})$/;
const CLIENT = ', client: ';
/** Places that are tried to be the context's start. */
const MAX_TRIES = 16;
/** What of a line is looked at for its context. */
const MAX_CONTEXT = 16_384;

/** nginx's error log. */
export const nginxError: Format = {
  name: 'nginx-error',
  title: 'nginx error log',
  reference: 'https://nginx.org/en/docs/ngx_core_module.html#error_log',
  detect: ({ text }) => START.test(text),
  parse({ text }, { zone }) {
    const start = START.exec(text);
    if (start === null) return refuse('unknown_format', 'no line of an nginx error log');
    const [whole, time, level, pid, tid, connection] = start;
    const timestamp = parseIsoTime(time as string, zone);
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${time}`);
    const rest = text.slice(whole.length);
    const context = contextOf(rest);
    const data = { pid: Number(pid), tid: Number(tid), ...(connection !== undefined && { connection }) };
    const entry: Candidate = { kind: 'log', timestamp, level: readLevel(level), message: rest, data };
    if (context === undefined) return { entry };
    const { index, client, server = '', request = '', subrequest, upstream, host = '', referrer } = context;
    const line = parseRequestLine(request);
    return {
      entry: {
        ...entry,
        message: rest.slice(0, index),
        client_ip: readAddress(client),
        ...(line && { method: line.method, path: line.path }),
        proxy_hostname:
          readHost(host) ?? line?.host ?? (server !== '_' && isHostName(server) ? server : undefined),
        referrer,
        data: {
          ...data,
          server,
          ...(line === undefined && request !== '' && { request_line: request }),
          ...(line?.protocol !== undefined && { protocol: line.protocol }),
          ...(subrequest !== undefined && { subrequest }),
          ...(upstream !== undefined && { upstream }),
          ...(readAddress(client) === undefined && { client }),
        },
      },
    };
  },
};

interface Context {
  readonly index: number;
  readonly client: string;
  readonly server?: string | undefined;
  readonly request?: string | undefined;
  readonly subrequest?: string | undefined;
  readonly upstream?: string | undefined;
  readonly host?: string | undefined;
  readonly referrer?: string | undefined;
}

/**
 * The context, from where it begins. Paths and request lines are a visitor's text and may look like one: where several
 * places fit and name different clients, none is believed.
 */
function contextOf(text: string): Context | undefined {
  if (text.length > MAX_CONTEXT) return undefined;
  const found: Context[] = [];
  let tries = 0;
  for (let index = text.indexOf(CLIENT); index !== -1; index = text.indexOf(CLIENT, index + 1)) {
    tries += 1;
    if (tries > MAX_TRIES) return undefined;
    const context = contextAt(text, index);
    if (context !== undefined) found.push(context);
  }
  const [first] = found;
  return found.every(({ client }) => client === first?.client) ? first : undefined;
}

function contextAt(text: string, index: number): Context | undefined {
  const tail = text.slice(index);
  const alone = CLIENT_ONLY.exec(tail);
  if (alone !== null) return { index, client: alone[1] as string };
  const match = CONTEXT.exec(tail);
  if (match === null) return undefined;
  const [, client, server, request, subrequest, upstream, host, referrer] = match;
  return { index, client: client as string, server, request, subrequest, upstream, host, referrer };
}
