import type { Client } from '@tailrace/client';
import { CliError } from '../cli-error.js';

/** Stores entries given as JSON. */
export type PostEntries = (json: string) => ReturnType<Client['ingestJson']>;

/** Where entries go: into Redis, or under a class of their own into the archive. @param given `CLASS` or `CLASS=DAYS` */
export function postOf(gateway: Client, given: string | undefined): PostEntries {
  if (given === undefined) return (json) => gateway.ingestJson(json);
  // What a class may be called is the gateway's to say.
  const [, name, days] = /^([^=]+)(?:=(\d{1,5}))?$/.exec(given) ?? [];
  if (name === undefined) {
    const message = `--archive-class is ${JSON.stringify(given)}; allowed: a name, and days behind it, such as old-access=3650`;
    throw new CliError(message, { exitCode: 2 });
  }
  const query = { class: name, ...(days !== undefined && { days: Number(days) }) };
  return (json) => gateway.ask('POST /logs/archive', { query, body: JSON.parse(json) });
}
