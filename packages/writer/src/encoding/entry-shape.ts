import type { ValueIndex } from './value-index.js';

/** A step of a shape: the name of a field, or the next piece of a text too long for one. */
export const NEXT_PIECE = '~';

/** What stands in the JSON before the id. */
export const JSON_START = '{"id":"';

/**
 * Which fields an entry has, in their order, and which indexes are made from them. Most entries of an application have one
 * of a few shapes, so a chunk says each shape once and the names of fields are not sent with every entry. Shapes are
 * found by walking from the root, a step for each field.
 */
export class EntryShape {
  /** Names of the hash's fields, in the order of the values. */
  readonly names: readonly string[];
  readonly indexes: readonly ValueIndex[];
  /** What stands in the entry's JSON between the value before and the value of the last field. */
  readonly jsonBefore: string;
  /** What ends the JSON when the last field is the last of all. */
  readonly jsonEnd: string;
  /** What stands in the JSON before the id and before each value. */
  readonly jsonParts: readonly Uint8Array[];
  /** {@link EntryShape.jsonEnd} as bytes. */
  readonly jsonLast: Uint8Array;
  /** Bytes of the JSON without its values. */
  readonly jsonSize: number;
  /** Number in the current chunk, from 1; 0: no entry of the chunk has it so far. */
  number = 0;
  readonly #tree: ShapeTree;
  readonly #next: Record<string, EntryShape> = Object.create(null);

  private constructor(
    tree: ShapeTree,
    names: readonly string[],
    partsBefore: readonly Uint8Array[],
    jsonBefore: string,
    jsonEnd: string,
  ) {
    this.#tree = tree;
    this.names = names;
    this.jsonParts = [...partsBefore, bytesOf(jsonBefore)];
    this.jsonLast = bytesOf(jsonEnd);
    this.jsonSize = [...this.jsonParts, this.jsonLast].reduce((sum, { length }) => sum + length, 0);
    this.indexes = tree.indexes.filter(({ field }) => names.includes(field));
    this.jsonBefore = jsonBefore;
    this.jsonEnd = jsonEnd;
    tree.size++;
  }

  /** The shape of no fields but `timestamp`, which all entries have first. */
  static root(indexes: readonly ValueIndex[]): EntryShape {
    return new EntryShape({ indexes, size: 0 }, ['timestamp'], [bytesOf(JSON_START)], '","timestamp":', '}');
  }

  /** The shape with one more field. @param isText whether its value is a JSON string */
  with(name: string, isText: boolean): EntryShape {
    return this.#next[name] ?? this.#add(name, isText);
  }

  /** Shapes known below the root. */
  get treeSize(): number {
    return this.#tree.size;
  }

  #add(name: string, isText: boolean): EntryShape {
    const isPiece = name === NEXT_PIECE;
    const field = isPiece ? pieceName(this.names) : name;
    const jsonBefore = isPiece ? '' : `${this.jsonEnd.slice(0, -1)},"${name}":${isText ? '"' : ''}`;
    const jsonEnd = isPiece ? this.jsonEnd : isText ? '"}' : '}';
    const shape = new EntryShape(this.#tree, [...this.names, field], this.jsonParts, jsonBefore, jsonEnd);
    this.#next[name] = shape;
    return shape;
  }
}

interface ShapeTree {
  readonly indexes: readonly ValueIndex[];
  size: number;
}

/** `user_agent` is followed by `user_agent~1`, that by `user_agent~2`. */
function pieceName(names: readonly string[]): string {
  const [name, number = '0'] = (names.at(-1) as string).split(NEXT_PIECE);
  return `${name}${NEXT_PIECE}${Number(number) + 1}`;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text));
}
