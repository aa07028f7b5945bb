import type { Format, ReadContext, Wrapper } from './format.js';
import { type Line, MAX_LINE_BYTES } from './input/lines.js';
import { JsonAssembler } from './json/json-assembler.js';
import { readRecord } from './json/read-record.js';
import { LineReader, type LineReading } from './line-reader.js';
import type { IntakeEntry, Reason } from './parsed-line.js';
import { FORMATS, formatNamed, WRAPPERS } from './registry.js';
import { StackHolder } from './stack-holder.js';
import { readDirective } from './text/w3c-line.js';
import { parseTimeZone, UTC } from './values/time-zone.js';

/** How a file is read. */
export interface IntakeOptions {
  /** The name of a format of {@link FORMATS} or {@link WRAPPERS}. @default told by each line */
  readonly format?: string | undefined;
  /** Of times that name no offset: an IANA name, an offset, `UTC`. @default UTC */
  readonly timeZone?: string | undefined;
  /** Epoch milliseconds: tells the year of times that name none. @default such times stay unknown */
  readonly now?: number | undefined;
}

/** What became of a line, or of a part of it. */
export type Outcome = {
  /** The line's number, of several the first. */
  readonly line: number;
  /** `undefined` for a line that was too long to keep. */
  readonly text: string | undefined;
} & (
  | { readonly entry: IntakeEntry; readonly repaired?: readonly Reason[] | undefined }
  | { readonly refused: Reason }
);

/**
 * Reads the lines of one file, one after the other. A line gives no entry (a directive, the part of one), one, or several.
 *
 * @throws RangeError when there is no such format or time zone.
 */
export class Intake {
  readonly #context: ReadContext;
  readonly #forced: Format | Wrapper | undefined;
  readonly #reader: LineReader;
  readonly #stack = new StackHolder();
  #assembler: JsonAssembler | undefined;
  /** The lines that the assembler has not made an object of yet. */
  #held: { readonly line: number; readonly text: string }[] = [];

  constructor({ format, timeZone, now }: IntakeOptions = {}) {
    const zone = timeZone === undefined ? UTC : parseTimeZone(timeZone);
    if (zone === undefined) {
      throw new RangeError(
        `the time zone is ${JSON.stringify(timeZone)}; allowed: a name such as Europe/Vienna, an offset such as +02:00, UTC`,
      );
    }
    this.#forced = format === undefined ? undefined : formatNamed(format);
    if (format !== undefined && this.#forced === undefined) {
      const names = [...WRAPPERS, ...FORMATS].map(({ name }) => name).join(', ');
      throw new RangeError(`the format is ${JSON.stringify(format)}; allowed: ${names}`);
    }
    this.#context = { zone, now, isCompose: false, w3c: { fields: [], date: undefined } };
    this.#reader = new LineReader(this.#context, this.#forced);
  }

  /** Reads the next line. Never throws. */
  push({ number, text, repaired }: Line): readonly Outcome[] {
    if (text === undefined) {
      const refused = { code: 'line_too_long', message: `longer than ${MAX_LINE_BYTES} bytes` };
      return [...this.#giveUp(), ...this.#stack.release(), { line: number, text, refused }];
    }
    return this.#withRepair(this.#read(text, number), repaired);
  }

  /** What is left when there are no more lines. */
  end(): readonly Outcome[] {
    return [
      ...this.#giveUp(),
      ...this.#stack.release(),
      ...this.#reader.end().map(({ reading, line, text }) => outcomeOf(reading, line, text)),
    ];
  }

  #read(given: string, line: number): readonly Outcome[] {
    // RFC 7464: a record separator stands before each JSON text.
    const text = given.startsWith('\u001e') ? given.slice(1) : given;
    const added = this.#stack.add(text);
    if (added) return [];
    const first = this.#assembler === undefined ? text.trimStart()[0] : undefined;
    const takesJson = this.#forced === undefined || this.#forced.isJson === true;
    if (this.#assembler !== undefined) return this.#assemble(text, line);
    if (first === '#' && readDirective(text, this.#context)) return this.#stack.release();
    if (takesJson && first === '{') return this.#readJson(text, line);
    if (takesJson && first === '[' && /^\s*\[\s*(?:[{[\]]|$)/.test(text) && !this.#reader.knows(text)) {
      this.#assembler = new JsonAssembler(MAX_LINE_BYTES);
      return this.#assemble(text, line);
    }
    return this.#outcomes(this.#reader.read(text, line), line, text);
  }

  #readJson(text: string, line: number): readonly Outcome[] {
    const result = readRecord(text);
    if (result === undefined) {
      this.#assembler = new JsonAssembler(MAX_LINE_BYTES);
      return this.#assemble(text, line);
    }
    if ('refused' in result) return [{ line, text, refused: result.refused }];
    const { record, repaired } = result;
    return this.#withRepair(
      this.#outcomes(this.#reader.read(text, line, record), line, text),
      repaired && [repaired],
    );
  }

  #assemble(text: string, line: number): readonly Outcome[] {
    const assembler = this.#assembler as JsonAssembler;
    // A line that is an object by itself is no part of one that was cut off.
    const isFresh = assembler.isInObject && !assembler.isInList && text.startsWith('{') && isObject(text);
    const isContinued = this.#held.length > 0;
    if (isFresh) return [...this.#giveUp(), ...this.#readJson(text, line)];
    const { objects, isBroken, isOpen } = assembler.feed(text, line);
    const outcomes = objects.flatMap((object) => this.#readObject(object.text, object.line));
    if (objects.length > 0) this.#held = [];
    if (isBroken) {
      if (isContinued && objects.length === 0) return [...this.#giveUp(), ...this.#read(text, line)];
      this.#held = [{ line, text }];
      return [...outcomes, ...this.#giveUp()];
    }
    if (assembler.isInObject) this.#held.push({ line, text });
    if (!isOpen) this.#assembler = undefined;
    return outcomes;
  }

  #readObject(text: string, line: number): readonly Outcome[] {
    const result = readRecord(text);
    if (result === undefined) return [{ line, text, refused: NO_OBJECT }];
    if ('refused' in result) return [{ line, text, refused: result.refused }];
    return this.#outcomes(this.#reader.read(text, line, result.record), line, text);
  }

  /** Refuses what is held of JSON that did not end. */
  #giveUp(): readonly Outcome[] {
    const held = this.#held;
    this.#held = [];
    this.#assembler = undefined;
    return held.map(({ line, text }) => ({ line, text, refused: NO_OBJECT }));
  }

  #outcomes(readings: readonly LineReading[], line: number, text: string): readonly Outcome[] {
    const outcomes = readings.map((reading) => outcomeOf(reading, line, text));
    const released = this.#stack.release();
    const last = outcomes.at(-1);
    if (last !== undefined && 'entry' in last && readings.at(-1)?.hasStackLines) {
      this.#stack.hold(last);
      outcomes.pop();
    }
    return [...released, ...outcomes];
  }

  #withRepair(outcomes: readonly Outcome[], repaired: readonly Reason[] | undefined): readonly Outcome[] {
    if (repaired === undefined || repaired.length === 0) return outcomes;
    this.#stack.repair(repaired);
    return outcomes.map((outcome) =>
      'entry' in outcome ? { ...outcome, repaired: [...repaired, ...(outcome.repaired ?? [])] } : outcome,
    );
  }
}

const NO_OBJECT: Reason = { code: 'invalid_json', message: 'begins like JSON but is no JSON object' };

function isObject(text: string): boolean {
  const result = readRecord(text);
  return result !== undefined && 'record' in result;
}

function outcomeOf(reading: LineReading, line: number, text: string): Outcome {
  if ('refused' in reading) return { line, text, refused: reading.refused };
  const { entry, repaired } = reading;
  return { line, text, entry, ...(repaired !== undefined && { repaired }) };
}

/** Reads a whole text, line by line: what `POST /logs` and tests do. */
export function readText(text: string, options: IntakeOptions = {}): readonly Outcome[] {
  const intake = new Intake(options);
  const outcomes: Outcome[] = [];
  text.split(/\r\n|\n/).forEach((line, i) => {
    if (line.trim() !== '') outcomes.push(...intake.push({ number: i + 1, text: line }));
  });
  outcomes.push(...intake.end());
  return outcomes;
}
