import { entryReplySchema } from '@tailrace/api';
import type { EntryReply } from '@tailrace/schema';
import type { EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';

/** What a follower is told. */
export type StreamEvent =
  | { readonly kind: 'entry'; readonly entry: EntryReply }
  /** This follower read too slowly: so many matches were left out. */
  | { readonly kind: 'missed'; readonly count: number }
  | ({ readonly kind: 'gap' } & Gap)
  /** Redis is away, or back. */
  | { readonly kind: 'status'; readonly redis: 'available' | 'unavailable' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'reconnected' };

/** Entries that can no longer be followed, only searched. */
export interface Gap {
  readonly reason: string;
  /** How many, of any filter; null when nobody knows. */
  readonly entries: number | null;
  /** When the last one before and the first one after were stored, ISO 8601; null when there is none. */
  readonly from: string | null;
  readonly to: string | null;
}

const missedSchema = z.object({ count: z.number() });
const statusSchema = z.object({ redis: z.enum(['available', 'unavailable']) });
const gapSchema = z.object({
  reason: z.string(),
  entries: z.number().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

/** @returns `undefined` for events of a name or shape this version does not know. */
export function decodeMessage({ event = 'message', data }: EventSourceMessage): StreamEvent | undefined {
  const value = parseJson(data);
  switch (event) {
    case 'message':
      return entryReplySchema.safeParse(value).success
        ? { kind: 'entry', entry: value as EntryReply }
        : undefined;
    case 'missed':
      return decodeAs('missed', missedSchema, value);
    case 'gap':
      return decodeAs('gap', gapSchema, value);
    case 'status':
      return decodeAs('status', statusSchema, value);
    default:
      return undefined;
  }
}

function decodeAs<Kind extends string, Value extends object>(
  kind: Kind,
  schema: z.ZodType<Value>,
  value: unknown,
): ({ readonly kind: Kind } & Value) | undefined {
  const { data } = schema.safeParse(value);
  return data && { ...data, kind };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
