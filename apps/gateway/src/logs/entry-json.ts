import { type Entry, toEntryReply } from '@tailrace/schema';

/** An entry as JSON, as it is replied. It is made once: to know how large it is, and to send it. */
export function entryJson(entry: Entry): string {
  let json = TEXTS.get(entry);
  if (json === undefined) {
    json = JSON.stringify(toEntryReply(entry));
    TEXTS.set(entry, json);
  }
  return json;
}

const TEXTS = new WeakMap<Entry, string>();
