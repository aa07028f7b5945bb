import { readFile } from 'node:fs/promises';
import { type AlertRuleBody, alertRuleSchema } from '@tailrace/api';
import { parse } from 'yaml';
import { z } from 'zod';
import { shownValue } from '../http/errors/shown-value.js';
import { StartError } from '../start/start-error.js';
import { type Channel, channelsSchema } from './channel-schema.js';

/** What a file of alert rules says. */
export interface AlertsFileContent {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly rules: readonly AlertRuleBody[];
}

/** A file of alert rules, as it is now. */
export interface AlertsFile {
  readonly content: AlertsFileContent;
  close(): void;
}

/** So late a change is noticed. */
const INTERVAL_MS = 1_000;
const MAX_RULES = 1_000;
const fileSchema = z.strictObject({
  channels: channelsSchema.default({}),
  rules: z.array(alertRuleSchema).max(MAX_RULES, `must be at most ${MAX_RULES} rules`).default([]),
});

/**
 * Reads a file of alert rules and channels, YAML or JSON, and again when it changes. What cannot be read or understood then
 * is reported, and what was said before stays.
 *
 * @throws StartError when that is so at the start.
 */
export async function openAlertsFile(path: string, report: (text: string) => void): Promise<AlertsFile> {
  let text: string;
  let content: AlertsFileContent;
  try {
    text = await readFile(path, 'utf8');
    content = parseAlertsFile(text);
  } catch (error) {
    throw new StartError(`ALERT_RULES ${path} cannot be used: ${(error as Error).message}`, { cause: error });
  }
  let failure = '';
  const timer = setInterval(async () => {
    try {
      const now = await readFile(path, 'utf8');
      if (now !== text) content = parseAlertsFile(now);
      text = now;
      failure = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== failure) report(`ALERT_RULES ${path}: ${message}; the rules before stay in force`);
      failure = message;
    }
  }, INTERVAL_MS);
  timer.unref();
  return {
    get content() {
      return content;
    },
    close: () => clearInterval(timer),
  };
}

/** @throws RangeError naming the place, its value and what is allowed. */
export function parseAlertsFile(text: string): AlertsFileContent {
  const given: unknown = parse(text, { maxAliasCount: 100 }) ?? {};
  const { data, error } = fileSchema.safeParse(given);
  if (error !== undefined) throw new RangeError(messageOf(error, given));
  const channels = new Map(Object.entries(data.channels));
  const seen = new Set<string>();
  for (const [i, { id, channels: names }] of data.rules.entries()) {
    if (seen.has(id)) throw new RangeError(`rules.${i}.id is "${id}": must not be that of another rule`);
    seen.add(id);
    const unknown = names.find((name) => !channels.has(name));
    if (unknown !== undefined) {
      throw new RangeError(
        `rules.${i}.channels has "${unknown}": must be one of ${[...channels.keys()].join(', ') || 'none, as there are no channels'}`,
      );
    }
  }
  return { channels, rules: data.rules };
}

function messageOf({ issues: [issue] }: z.ZodError, given: unknown): string {
  const path = issue?.path ?? [];
  const place = path.map(String).join('.') || 'the file';
  if (issue?.code === 'unrecognized_keys')
    return `${[...path, issue.keys[0]].map(String).join('.')} is unknown here`;
  const value = path.reduce<unknown>(
    (at, name) => (at as Record<PropertyKey, unknown> | undefined)?.[name],
    given,
  );
  const isSecret = path[0] === 'channels';
  return isSecret ? `${place}: ${issue?.message}` : `${place} is ${shownValue(value)}: ${issue?.message}`;
}
