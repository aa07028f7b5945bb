import type { Client } from '@tailrace/client';
import { CliError } from '../cli-error.js';

/** Stores entries given as JSON. */
export type PostEntries = (json: string) => ReturnType<Client['ingestJson']>;

/** Where entries go. */
export interface EntryPost {
  readonly post: PostEntries;
  /** Entries a request carries at most. */
  readonly maxEntries: number;
}

const MAX_ENTRIES = 500;
/** Each request becomes files, which are cheaper the larger they are. */
const MAX_ARCHIVED_ENTRIES = 5_000;

/** Where entries go: into Redis, or under a class of their own into the archive. @param given `CLASS` or `CLASS=DAYS` */
export function postOf(gateway: Client, given: string | undefined): EntryPost {
  if (given === undefined) return { post: (json) => gateway.ingestJson(json), maxEntries: MAX_ENTRIES };
  // What a class may be called is the gateway's to say.
  const [, name, days] = /^([^=]+)(?:=(\d{1,5}))?$/.exec(given) ?? [];
  if (name === undefined) {
    const message = `--archive-class is ${JSON.stringify(given)}; allowed: a name, and days behind it, such as old-access=3650`;
    throw new CliError(message, { exitCode: 2 });
  }
  const query = { class: name, ...(days !== undefined && { days: Number(days) }) };
  return {
    post: (json) => gateway.ask('POST /logs/archive', { query, body: JSON.parse(json) }),
    maxEntries: MAX_ARCHIVED_ENTRIES,
  };
}
