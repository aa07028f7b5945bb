import type { FilterField } from '@tailrace/schema';
import { z } from 'zod';
import type { ErrorCode } from '../replies/reply.js';
import type { Scope } from '../tokens/access-token.js';

/** The methods endpoints have. */
export type EndpointMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One endpoint: all that its route, its check, OpenAPI, the docs and the client's types are made from. */
export interface Endpoint {
  /** What a token must allow; `open`: whoever asks needs none. */
  readonly scope: Scope | 'open';
  /** What it does, without a full stop. */
  readonly summary: string;
  /** What answering it costs: the gateway bounds how many of a kind it answers at once. @default next to nothing */
  readonly load?: Load;
  /** Parameters of the query, strict. @default none are looked at */
  readonly query?: z.ZodObject;
  /** The filter of `query` whose value the path's parameter is. @default the path's parameter is no filter */
  readonly pathFilter?: FilterField;
  /** The parameter of `query` that must be there. @default what the schema says */
  readonly needs?: FilterField;
  /** @default none is read */
  readonly body?: EndpointBodyKind;
  /** A body of another protocol, in place of `body`. @default none is read */
  readonly foreign?: ForeignBodyKind;
  /** Of a 200, and of what else has no error for its body. */
  readonly replies: readonly EndpointReplyKind[];
}

/** Requests that cost more than a moment: entries looked for, flows joined, all that matches sent, entries followed. */
export const LOADS = ['search', 'join', 'export', 'follow'] as const;

/** @see LOADS */
export type Load = (typeof LOADS)[number];

/** A body an endpoint takes. */
export interface EndpointBodyKind<Schema extends z.ZodType = z.ZodType> {
  readonly type: 'application/json';
  /** What lines of text the body may be instead, in words. @default none */
  readonly lines?: string;
  /** Whether the body may be a line of JSON for each item instead. @default no */
  readonly ndjson?: true;
  /** Whether `Idempotency-Key` makes a request that is sent again one. @default it is not looked at */
  readonly idempotent?: true;
  /** Of one item. */
  readonly schema: Schema;
  /** As many items one request may bring, in an array. @default one item, not in an array */
  readonly maxItems?: number;
  /** An item in words, as errors name it: "an entry". */
  readonly of: string;
  /** The code of the error for an item that is not as the schema says. */
  readonly invalid: ErrorCode;
}

/** A body that is told by its protocol's own documents; its handler understands it. */
export interface ForeignBodyKind {
  /** Media types it may be announced as. */
  readonly types: readonly string[];
  /** What it is, in words. */
  readonly of: string;
}

/** A reply of an endpoint; with NDJSON, `schema` is of one line, and `undefined` means a text. */
export interface EndpointReplyKind<
  Type extends string = string,
  Schema extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly status: number;
  readonly type: Type;
  readonly schema: Schema;
}

/** For an endpoint that refuses every parameter. */
export const noParameters = z.strictObject({});

/** A reply of JSON. */
export function json<Schema extends z.ZodType>(
  schema: Schema,
  status = 200,
): EndpointReplyKind<'application/json', Schema> {
  return { status, type: 'application/json', schema };
}

/** A reply of a JSON object a line. */
export function lines<Schema extends z.ZodType>(
  schema: Schema,
): EndpointReplyKind<'application/x-ndjson', Schema> {
  return { status: 200, type: 'application/x-ndjson', schema };
}

/** A reply of text. */
export function text<Type extends string>(type: Type): EndpointReplyKind<Type, undefined> {
  return { status: 200, type, schema: undefined };
}
