import type { Wrapper } from '../format.js';
import { refuse } from '../parsed-line.js';
import { readSeverity } from '../values/level-words.js';
import { parseIsoTime } from '../values/time-text.js';

const HEADER =
  /^(?:\d{1,6} (?=<))?<(\d{1,3})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (?=-|\[)/;
const ELEMENT = /\[([^\s=\]"]{1,32})/y;
const PARAMETER = / ([^\s=\]"]{1,32})="([^"\\\]]*(?:\\[\s\S][^"\\\]]*)*)"/y;
const BOM = '\ufeff';

/** syslog (RFC 5424), also with the length of RFC 6587 before each message. */
export const syslogRfc5424: Wrapper = {
  name: 'syslog-rfc5424',
  title: 'syslog (RFC 5424)',
  reference: 'RFC 5424',
  detect: ({ text }) => HEADER.test(text),
  unwrap({ text }) {
    const header = HEADER.exec(text);
    if (header === null) return refuse('unknown_format', 'no line of syslog (RFC 5424)');
    const [whole, priority, time, host, app, process, messageId] = header as unknown as string[];
    if (Number(priority) > 191) return refuse('malformed', '<PRI> is past 191');
    const timestamp = time === '-' ? undefined : parseIsoTime(time as string);
    if (time !== '-' && timestamp === undefined) return refuse('invalid_time', `no such time: ${time}`);
    const structured = readStructuredData(text, (whole as string).length);
    if (structured === undefined) return refuse('malformed', 'its structured data do not end');
    const { elements, end } = structured;
    const message = text.slice(end).replace(/^ /, '');
    const data = {
      ...nilOr('host', host),
      ...nilOr('pid', process),
      ...nilOr('message_id', messageId),
      ...(Object.keys(elements).length > 0 && { structured_data: elements }),
    };
    return {
      text: message.startsWith(BOM) ? message.slice(1) : message,
      outer: {
        timestamp,
        level: readSeverity(Number(priority) % 8),
        ...nilOr('component', app),
        ...(Object.keys(data).length > 0 && { data }),
      },
    };
  },
};

function nilOr(name: string, value: string | undefined): Record<string, string> {
  return value === undefined || value === '-' ? {} : { [name]: value };
}

/** RFC 5424 section 6.3: elements of parameters, in which `\`, `"` and `]` are escaped. */
function readStructuredData(
  text: string,
  start: number,
): { elements: Record<string, Record<string, string>>; end: number } | undefined {
  if (text[start] === '-') return { elements: {}, end: start + 1 };
  const elements: [string, Record<string, string>][] = [];
  let at = start;
  while (text[at] === '[') {
    ELEMENT.lastIndex = at;
    const id = ELEMENT.exec(text)?.[1];
    if (id === undefined) return undefined;
    at += id.length + 1;
    const parameters: [string, string][] = [];
    for (;;) {
      PARAMETER.lastIndex = at;
      const match = PARAMETER.exec(text);
      if (match === null) break;
      parameters.push([match[1] as string, (match[2] as string).replace(/\\(["\\\]])/g, '$1')]);
      at += match[0].length;
    }
    if (text[at] !== ']') return undefined;
    at += 1;
    elements.push([id, Object.fromEntries(parameters)]);
  }
  return { elements: Object.fromEntries(elements), end: at };
}
