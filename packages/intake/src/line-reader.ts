import { checkEntry } from './check-entry.js';
import type { Format, ReadContext, SourceLine, Wrapped, Wrapper } from './format.js';
import { plainText } from './formats/text/plain-text.js';
import { MAX_LINE_BYTES } from './input/lines.js';
import type { JsonRecord } from './json/json-record.js';
import { readRecord } from './json/read-record.js';
import { type Candidate, type IntakeEntry, type ParsedLine, type Reason, refuse } from './parsed-line.js';
import { FORMATS, WRAPPERS } from './registry.js';

/** What a line says, checked. */
export type LineReading = { readonly hasStackLines?: boolean } & (
  | { readonly entry: IntakeEntry; readonly repaired?: readonly Reason[] | undefined }
  | { readonly refused: Reason }
);

/** The parts of a line that have come so far. */
interface Pending {
  text: string;
  readonly wrapped: Wrapped;
  readonly depth: number;
  /** Number of the line of the first part. */
  readonly line: number;
  isTooLong: boolean;
}

const MAX_WRAPPERS = 4;
/** Streams whose parts are kept at once; further ones push out the oldest. */
const MAX_PENDING = 256;
const NO_TIME: Reason = { code: 'no_time', message: 'has no time; the time of the import is taken' };

/** In how many wrappers a line lies, and in which. */
interface LinePlace {
  readonly path: string;
  readonly depth: number;
}

/**
 * Tells of what format each line is, and reads it. Of a line of text the format of the line before is tried first; JSON
 * goes by the registry's order each time, as a looser format before it would take lines of a stricter one.
 */
export class LineReader {
  readonly #context: ReadContext;
  readonly #forced: Format | Wrapper | undefined;
  readonly #pending = new Map<string, Pending>();
  #current: Format | Wrapper | undefined;
  #line = 0;

  constructor(context: ReadContext, forced?: Format | Wrapper) {
    this.#context = context;
    this.#forced = forced;
  }

  /** Whether some format knows a line that is no JSON. */
  knows(text: string): boolean {
    return this.#find({ text, record: undefined }) !== undefined;
  }

  /**
   * Reads a line.
   *
   * @param record the line as JSON, if it is an object
   */
  read(text: string, number: number, record?: JsonRecord): readonly LineReading[] {
    this.#line = number;
    const line = { text, record };
    const format = this.#forced ?? this.#find(line);
    if (format === undefined) return [refuse('unknown_format', 'of no format that is known here')];
    this.#current = 'isGeneric' in format && format.isGeneric ? undefined : format;
    if ('unwrap' in format) return this.#unwrap(line, format, { path: '', depth: 1 });
    return parsed(format.parse(line, this.#context)).map((one) => finish(one, format));
  }

  /** Lines of which the last part did not come. */
  end(): readonly { readonly reading: LineReading; readonly line: number; readonly text: string }[] {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    return pending.flatMap(({ text, wrapped, depth, line }) =>
      this.#readInside(text, wrapped, { path: '', depth }, [
        { code: 'unfinished_line', message: 'its last part is missing' },
      ]).map((reading) => ({ reading, line, text })),
    );
  }

  #find(line: SourceLine): Format | Wrapper | undefined {
    if (line.record === undefined && this.#current?.detect(line, this.#context)) return this.#current;
    return (
      WRAPPERS.find((wrapper) => wrapper.detect(line, this.#context)) ??
      FORMATS.find((format) => format.detect(line, this.#context))
    );
  }

  #unwrap(line: SourceLine, wrapper: Wrapper, { path, depth }: LinePlace): readonly LineReading[] {
    const wrapped = wrapper.unwrap(line, this.#context);
    if ('refused' in wrapped) return depth > 1 ? [finish(plain(line))] : [wrapped];
    const place = `${path}/${wrapper.name}:${wrapped.stream ?? ''}`;
    const pending = this.#pending.get(place);
    if (wrapped.isPartial) {
      this.#addPart(place, wrapped, depth);
      return [];
    }
    if (pending === undefined) return this.#readInside(wrapped.text, wrapped, { path: place, depth });
    this.#pending.delete(place);
    const text = pending.text + wrapped.text;
    if (pending.isTooLong || text.length > MAX_LINE_BYTES) {
      return [refuse('line_too_long', `longer than ${MAX_LINE_BYTES} bytes, its parts together`)];
    }
    return this.#readInside(text, pending.wrapped, { path: place, depth });
  }

  #addPart(place: string, wrapped: Wrapped, depth: number): void {
    const pending = this.#pending.get(place);
    if (pending === undefined) {
      const oldest = this.#pending.size < MAX_PENDING ? undefined : this.#pending.keys().next().value;
      if (oldest !== undefined) this.#pending.delete(oldest);
      this.#pending.set(place, { text: wrapped.text, wrapped, depth, line: this.#line, isTooLong: false });
    } else if (pending.text.length + wrapped.text.length > MAX_LINE_BYTES) {
      pending.isTooLong = true;
      pending.text = '';
    } else pending.text += wrapped.text;
  }

  /** Reads the line inside as if it stood alone; what no format knows is a message. */
  #readInside(
    text: string,
    wrapped: Wrapped,
    place: LinePlace,
    repairs: readonly Reason[] = [],
  ): readonly LineReading[] {
    if (text.trim() === '') return [];
    return this.#readBare(text, place).map((one) => {
      if ('refused' in one) return one;
      const entry = withOuter(one.entry, wrapped.outer);
      const own = (one.repaired ?? []).filter(
        ({ code }) => code !== NO_TIME.code || entry.timestamp === undefined,
      );
      // What was done to the wrapper's time counts where that is the entry's.
      const time = one.entry.timestamp === undefined && wrapped.repaired ? [wrapped.repaired] : [];
      const repaired = [...repairs, ...time, ...own];
      return { entry, ...(repaired.length > 0 && { repaired }) };
    });
  }

  #readBare(text: string, { path, depth }: LinePlace): readonly LineReading[] {
    const json = text.trimStart().startsWith('{') ? readRecord(text) : undefined;
    const record = json !== undefined && 'record' in json ? json.record : undefined;
    const line = { text, record };
    const wrapper =
      depth < MAX_WRAPPERS ? WRAPPERS.find((one) => one.detect(line, this.#context)) : undefined;
    if (wrapper !== undefined) return this.#unwrap(line, wrapper, { path, depth: depth + 1 });
    const context = { ...this.#context, w3c: { fields: [], date: undefined } };
    const format = FORMATS.find((one) => one.detect(line, context));
    const readings = format === undefined ? [] : parsed(format.parse(line, context));
    const isRead = readings.some((one) => 'entry' in one);
    return (isRead ? readings : [plain(line)]).map((one) => finish(one));
  }
}

function plain(line: SourceLine): ParsedLine {
  return plainText.parse(line, NOWHERE) as ParsedLine;
}

const NOWHERE: ReadContext = {
  zone: (ms) => ms,
  now: undefined,
  isCompose: false,
  w3c: { fields: [], date: undefined },
};

function parsed(result: ParsedLine | readonly ParsedLine[]): readonly ParsedLine[] {
  return Array.isArray(result) ? result : [result as ParsedLine];
}

function finish(one: ParsedLine, format?: Format): LineReading {
  if ('refused' in one) return one;
  const entry = checkEntry(one.entry);
  const repaired = [
    ...(one.repaired === undefined ? [] : [one.repaired]),
    ...(entry.timestamp === undefined ? [NO_TIME] : []),
  ];
  return {
    entry,
    ...(repaired.length > 0 && { repaired }),
    ...(format?.hasStackLines && { hasStackLines: true }),
  };
}

/** The line's own words win; a request's level follows from its status, not from the severity syslog gave the line. */
function withOuter(entry: IntakeEntry, outer: Candidate): IntakeEntry {
  const { level, ...others } = outer;
  const takesLevel =
    entry.level === undefined && !(entry.kind === 'request' && entry.status_code !== undefined);
  const data = { ...(outer.data as object | undefined), ...entry.data };
  return {
    ...checkEntry(takesLevel ? { level, ...others } : others),
    ...entry,
    ...(Object.keys(data).length > 0 && { data }),
  };
}
