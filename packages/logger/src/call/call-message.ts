import { isError, type Snapshot, type snapshotError, snapshotFields } from '@tailrace/writer';

/** Code units of a message that wait in the queue; fewer are stored. */
const MAX_MESSAGE = 65_536;
/** Code units told of an object that has no message of its own; all of it is in `data`. */
const MAX_TOLD = 1_024;

/** What the first argument of a log call says. */
export interface CallMessage {
  /** Always a text, whatever was given. */
  readonly text: string;
  /** What else is kept of it: an error as `error`, another object as `data`. */
  readonly snapshot?: Snapshot;
}

/** A text that is not longer than what may wait. */
export function boundMessage(text: string): string {
  if (text.length <= MAX_MESSAGE) return text;
  // V8 would keep the whole of the text alive for a part of it.
  return Buffer.from(text.slice(0, MAX_MESSAGE), 'utf16le').toString('utf16le');
}

/** Reads a message that is no text. Never throws. */
export function readMessage(message: unknown): CallMessage {
  if (isError(message)) return errorMessage(message);
  if (typeof message !== 'object' || message === null) return { text: textOf(message) };
  const { fields, bytes, truncated } = snapshotFields({ data: message });
  const copy = fields.data;
  if (typeof copy === 'string') return { text: boundMessage(copy) };
  const data = isRecord(copy) ? copy : { value: copy };
  const text = typeof data.message === 'string' ? data.message : JSON.stringify(copy).slice(0, MAX_TOLD);
  return { text: boundMessage(text), snapshot: { fields: { data }, bytes, truncated } };
}

/** Both snapshots as one; what the second has wins, and `data` are merged. */
export function joinSnapshots(first: Snapshot, second: Snapshot | undefined): Snapshot {
  if (second === undefined) return first;
  const fields = { ...first.fields, ...second.fields };
  const { data } = first.fields;
  const { data: ownData } = second.fields;
  if (isRecord(data)) fields.data = isRecord(ownData) ? { ...data, ...ownData } : data;
  return { fields, bytes: first.bytes + second.bytes, truncated: first.truncated || second.truncated };
}

function errorMessage(error: Error): CallMessage {
  const snapshot = snapshotFields({ error });
  const { type, message } = snapshot.fields.error as ReturnType<typeof snapshotError>;
  const whole = ownMessage(error);
  return { text: boundMessage(whole ?? (message === '' ? type : message)), snapshot };
}

/** More of it is kept as the entry's message than in its error. */
function ownMessage(error: Error): string | undefined {
  try {
    const message: unknown = error.message;
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}

function textOf(message: unknown): string {
  return typeof message === 'function' ? '[Function]' : boundMessage(String(message));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
