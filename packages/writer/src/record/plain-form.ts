import { types } from 'node:util';
import { ENTRY_LIMITS } from '@tailrace/schema';

/** How an object is shown that is more than its members: as one value, or as pairs of names and values. */
export type PlainForm =
  | { readonly value: unknown }
  | { readonly list: Iterable<unknown> }
  | { readonly pairs: Iterable<readonly [unknown, unknown]> };

/**
 * The form of dates, collections, binary data, boxed values, and what the Fetch standard has; told by their class's name,
 * so that those of another realm or of a library are understood as well, and nothing is loaded. Bodies are never read.
 *
 * @returns `undefined` when its members say what an object is. @throws what reading it throws.
 */
export function plainForm(object: object): PlainForm | undefined {
  if (types.isBoxedPrimitive(object)) return { value: object.valueOf() };
  if (object instanceof Map || types.isMap(object)) return mapForm(object);
  if (object instanceof Set || types.isSet(object)) return { list: object };
  if (types.isDate(object))
    return { value: Number.isNaN(object.getTime()) ? 'Invalid Date' : object.toISOString() };
  if (types.isRegExp(object)) return { value: String(object) };
  if (ArrayBuffer.isView(object)) return viewForm(object);
  if (types.isAnyArrayBuffer(object)) return { value: `[${object.byteLength} bytes]` };
  return FORMS[tagOf(object)]?.(object as never);
}

/** A list of pairs where an object is a key, for its text would say nothing. No more keys are looked at than are copied. */
function mapForm(map: Map<unknown, unknown>): PlainForm {
  let looked = 0;
  for (const key of map.keys()) {
    if (typeof key === 'object' && key !== null) return { list: map };
    if (++looked >= ENTRY_LIMITS.dataNodes) break;
  }
  return { pairs: map };
}

/** Bytes are told by their number; numbers of other types are numbers. */
function viewForm(view: ArrayBufferView): PlainForm {
  const isNumbers = types.isTypedArray(view) && !types.isUint8Array(view) && !types.isUint8ClampedArray(view);
  return isNumbers ? { list: view } : { value: `[${view.byteLength} bytes]` };
}

function tagOf(object: object): string {
  return Object.prototype.toString.call(object).slice('[object '.length, -1);
}

interface FetchMessage {
  readonly method?: unknown;
  readonly url?: unknown;
  readonly status?: unknown;
  readonly statusText?: unknown;
  readonly headers?: unknown;
}

const FORMS: Readonly<Record<string, ((object: never) => PlainForm) | undefined>> = Object.assign(
  Object.create(null),
  {
    URL: (url: URL) => ({ value: url.href }),
    URLSearchParams: (parameters: URLSearchParams) => ({ value: String(parameters) }),
    Headers: (headers: Headers) => ({ pairs: headers }),
    FormData: (form: FormData) => ({ pairs: form }),
    Request: ({ method, url, headers }: FetchMessage) => ({ value: { method, url, headers } }),
    Response: ({ status, statusText, url, headers }: FetchMessage) => ({
      value: { status, statusText, url, headers },
    }),
    Blob: ({ size, type }: Blob) => ({ value: `[${size} bytes${type === '' ? '' : ` of ${type}`}]` }),
    File: ({ name, size }: File) => ({ value: `[${size} bytes in ${name}]` }),
    Promise: () => ({ value: '[Promise]' }),
    WeakMap: () => ({ value: '[WeakMap]' }),
    WeakSet: () => ({ value: '[WeakSet]' }),
    WeakRef: () => ({ value: '[WeakRef]' }),
    Generator: () => ({ value: '[Generator]' }),
    AsyncGenerator: () => ({ value: '[AsyncGenerator]' }),
    ReadableStream: () => ({ value: '[ReadableStream]' }),
  } satisfies Record<string, (object: never) => PlainForm>,
);
