import type { JsonRecord } from './json/json-record.js';
import type { Candidate, ParsedLine, Reason } from './parsed-line.js';
import type { TimeZone } from './values/time-zone.js';

/** A line as it is shown to formats. */
export interface SourceLine {
  /** Without its line end. */
  readonly text: string;
  /** What the line says as JSON; `undefined` when it is no JSON object. */
  readonly record: JsonRecord | undefined;
}

/** What a format may know beside the line. */
export interface ReadContext {
  /** Of times that name no offset. */
  readonly zone: TimeZone;
  /** Epoch milliseconds; `undefined`: times that name no year stay unknown. */
  readonly now: number | undefined;
  /** What the directives of a W3C file said so far. */
  /** Whether lines of `docker compose logs` were seen. */
  isCompose: boolean;
  readonly w3c: { fields: readonly string[]; date: string | undefined };
}

/** A log format: how its lines are told from others, and what they say. */
export interface Format {
  /** Stable; what `--format` takes. */
  readonly name: string;
  readonly title: string;
  /** Where the format is documented. */
  readonly reference: string;
  /** Whether the line is of this format, as far as a look at its marks tells. Never throws. */
  detect(line: SourceLine, context: ReadContext): boolean;
  /** Reads a line, also one that {@link Format.detect} did not see: what it does not understand is refused. */
  parse(line: SourceLine, context: ReadContext): ParsedLine | readonly ParsedLine[];
  /** Set when lines of a stack trace that follow an entry belong to it. */
  readonly hasStackLines?: boolean;
  /** Set for formats whose lines are JSON. */
  readonly isJson?: boolean;
  /** Set for formats that take what no other claims, so that each line is looked at anew. */
  readonly isGeneric?: boolean;
}

/** A line that carries a line of another log. */
export interface Wrapped {
  readonly text: string;
  /** What the wrapper says; it counts where the line inside says nothing of it. */
  readonly outer: Candidate;
  /** Set when the text goes on in the next line of the same stream. */
  readonly isPartial?: boolean;
  /** Names the stream whose parts belong together. */
  readonly stream?: string | undefined;
  readonly repaired?: Reason | undefined;
}

/** A format whose lines carry lines of other logs. */
export interface Wrapper extends Omit<Format, 'parse' | 'hasStackLines' | 'isGeneric'> {
  /** Takes the line out, or refuses it. */
  unwrap(line: SourceLine, context: ReadContext): Wrapped | { readonly refused: Reason };
}
