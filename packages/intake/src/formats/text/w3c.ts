import type { Format, ReadContext } from '../../format.js';
import { type Candidate, type ParsedLine, refuse } from '../../parsed-line.js';
import { countOf, statusOf } from '../../text/fields.js';
import { readW3cLine } from '../../text/w3c-line.js';
import { readAddress, readHost } from '../../values/address.js';
import { roundMs } from '../../values/duration.js';
import { parseIsoTime } from '../../values/time-text.js';

const isCloudFront = ({ w3c }: ReadContext) => w3c.fields.some((name) => name.startsWith('x-edge-'));

/** IIS, and others that write W3C's extended format; durations in milliseconds, `+` for spaces in user agents. */
export const iisW3c: Format = {
  name: 'iis-w3c',
  title: 'IIS and others in W3C extended format',
  reference: 'https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging',
  detect: (_, context) => context.w3c.fields.length > 0 && !isCloudFront(context),
  parse: ({ text }, context) =>
    readLine(text, context, { msPerUnit: 1, agent: (written) => written.replaceAll('+', ' ') }),
};

/** CloudFront's standard logs: durations in seconds, user agents percent-encoded. */
export const awsCloudfront: Format = {
  name: 'aws-cloudfront',
  title: 'AWS CloudFront, standard log',
  reference:
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html',
  detect: (_, context) => isCloudFront(context),
  parse: ({ text }, context) => readLine(text, context, { msPerUnit: 1000, agent: decoded }),
};

interface Dialect {
  readonly msPerUnit: number;
  readonly agent: (written: string) => string;
}

const TAKEN = new Set([
  'date',
  'time',
  'c-ip',
  'cs-method',
  'cs-uri-stem',
  'cs-uri-query',
  'cs-username',
  'sc-status',
  'time-taken',
  'sc-bytes',
  'cs(User-Agent)',
  'cs(Referer)',
  'x-edge-request-id',
]);

function readLine(text: string, context: ReadContext, { msPerUnit, agent }: Dialect): ParsedLine {
  if (context.w3c.fields.length === 0)
    return refuse('no_fields', 'no #Fields line says what the columns are');
  const values = readW3cLine(text, context);
  if (values === undefined) {
    return refuse('malformed', `not the ${context.w3c.fields.length} columns that #Fields names`);
  }
  const get = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  const date = get('date') ?? context.w3c.date;
  const timestamp = parseIsoTime(`${date}T${get('time')}Z`);
  if (timestamp === undefined) return refuse('invalid_time', `no such time: ${date} ${get('time')}`);
  const client = get('c-ip');
  const ip = client === undefined ? undefined : readAddress(client);
  if (client !== undefined && ip === undefined)
    return refuse('unknown_client', `is no client: ${JSON.stringify(client)}`);
  const [stem, query] = [get('cs-uri-stem') ?? get('cs-uri'), get('cs-uri-query')];
  const time = get('time-taken');
  const written = get('cs(User-Agent)');
  const entry: Candidate = {
    kind: 'request',
    timestamp,
    client_ip: ip,
    method: get('cs-method'),
    path: stem === undefined || query === undefined ? stem : `${stem}?${query}`,
    proxy_hostname: readHost(get('x-host-header') ?? get('cs-host') ?? get('cs(Host)') ?? ''),
    user_id: get('cs-username'),
    status_code: statusOf(get('sc-status')),
    bytes_sent: countOf(get('sc-bytes')),
    response_time_ms:
      time !== undefined && /^\d{1,12}(\.\d{1,9})?$/.test(time)
        ? roundMs(Number(time) * msPerUnit)
        : undefined,
    user_agent: written === undefined ? undefined : agent(written),
    referrer: get('cs(Referer)'),
    request_id: get('x-edge-request-id'),
  };
  const others = Object.entries(values).filter(([name]) => !TAKEN.has(name));
  if (others.length > 0) entry.data = Object.fromEntries(others);
  return { entry };
}

/** Percent-encoded, in older logs twice. */
function decoded(text: string): string {
  const once = decodeOnce(text);
  return !once.includes(' ') && /%20/.test(once) ? decodeOnce(once) : once;
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
