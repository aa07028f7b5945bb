import { parseDuration, roundMs } from '../values/duration.js';
import { unescapeClf } from './clf-escapes.js';
import { textOf } from './fields.js';

/** What stands behind status and size. */
export interface ClfTail {
  readonly referrer?: string | undefined;
  readonly user_agent?: string | undefined;
  /** As written; what follows the user agent. */
  readonly extra?: string | undefined;
  readonly response_time_ms?: number | undefined;
  /** The field that has no closing quote. */
  readonly unclosed?: 'referrer' | 'user_agent' | undefined;
}

/** Fields behind the user agent: quoted ones, numbers, words, `name=value`, `[names]`; none with a quote inside. */
const EXTRA_FIELD = / +(?:[\w.$-]{1,64}=)?(?:"(?:[^"\\]|\\.){0,4096}"|[^\s"]{1,4096})/y;
const MAX_EXTRA_FIELDS = 32;
/** Quotes inside a user agent that are tried to be its end. */
const MAX_TRIES = 64;

/** Reads referrer, user agent and what follows, from the text behind status and size. */
export function parseClfTail(text: string): ClfTail {
  if (!text.startsWith(' "')) return { extra: textOf(text.trim()), response_time_ms: undefined };
  const referrerEnd = endOfReferrer(text);
  if (referrerEnd === undefined) {
    return { referrer: textOf(unescapeClf(text.slice(2))), unclosed: 'referrer' };
  }
  const referrer = textOf(unescapeClf(text.slice(2, referrerEnd)));
  const rest = text.slice(referrerEnd + 1);
  if (!rest.startsWith(' "')) return { referrer, extra: textOf(rest.trim()) };
  const agentEnd = endOfAgent(rest);
  if (agentEnd === undefined) {
    return { referrer, user_agent: textOf(unescapeClf(rest.slice(2))), unclosed: 'user_agent' };
  }
  const extra = textOf(rest.slice(agentEnd + 1).trim());
  return {
    referrer,
    user_agent: textOf(unescapeClf(rest.slice(2, agentEnd))),
    extra,
    response_time_ms: extra === undefined ? undefined : responseTime(extra),
  };
}

/** A quote that stands before the user agent's, or at the end of the line. */
function endOfReferrer(text: string): number | undefined {
  let spaced: number | undefined;
  for (let i = nextQuote(text, 2); i !== -1; i = nextQuote(text, i + 1)) {
    if (i === text.length - 1 || text.startsWith('" "', i)) return i;
    if (text[i + 1] === ' ') spaced ??= i;
  }
  return spaced;
}

/** The first quote behind which only further fields stand; else the last of the line: quotes inside are not escaped. */
function endOfAgent(text: string): number | undefined {
  let last: number | undefined;
  let tries = 0;
  for (let i = nextQuote(text, 2); i !== -1; i = nextQuote(text, i + 1)) {
    last = i;
    if (tries < MAX_TRIES && (i + 1 === text.length || text[i + 1] === ' ')) {
      tries += 1;
      if (isExtra(text, i + 1)) return i;
    }
  }
  return last !== undefined && last === text.length - 1 ? last : undefined;
}

function isExtra(text: string, start: number): boolean {
  let at = start;
  for (let count = 0; at < text.length && count < MAX_EXTRA_FIELDS; count += 1) {
    EXTRA_FIELD.lastIndex = at;
    if (!EXTRA_FIELD.test(text)) return text.slice(at, at + 64).trim() === '' && text.length - at <= 64;
    at = EXTRA_FIELD.lastIndex;
  }
  return at === text.length;
}

function nextQuote(text: string, start: number): number {
  for (let i = start; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i;
  }
  return -1;
}

const NAMED_SECONDS = /(?:^| )(?:rt|request_time|req_time|reqtime)[=:]"?(\d{1,9}\.\d{1,9})"?(?= |$)/;

/**
 * How long the request took, from the fields behind the user agent. A bare number with a point is nginx's `$request_time`
 * in seconds, one without is Apache's `%D` in microseconds; of several whole ones (`%I %O`) none is taken.
 */
function responseTime(extra: string): number | undefined {
  if (extra.length > 4096) return undefined;
  const named = NAMED_SECONDS.exec(extra)?.[1];
  if (named !== undefined) return roundMs(Number(named) * 1000);
  const bare = extra.replace(/"(?:[^"\\]|\\.)*"/g, '').split(/ +/);
  const unit = bare.find((field) => /^\d+(\.\d+)?(ns|us|µs|ms|s)$/.test(field));
  if (unit !== undefined) return parseDuration(unit);
  const seconds = bare.find((field) => /^\d{1,9}\.\d{1,9}$/.test(field));
  if (seconds !== undefined) return roundMs(Number(seconds) * 1000);
  const whole = bare.filter((field) => /^\d{1,15}$/.test(field));
  return whole.length === 1 ? roundMs(Number(whole[0]) / 1000) : undefined;
}
