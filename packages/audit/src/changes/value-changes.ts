import { isJsonObject, type JsonValue } from '@tailrace/schema';

/** One value that differs between what was before and what is after. */
export interface ValueChange {
  /** A JSON Pointer (RFC 6901) into the values, such as `/address/city`. */
  readonly path: string;
  /** Missing: the value was added. */
  readonly from?: JsonValue | undefined;
  /** Missing: the value was removed. */
  readonly to?: JsonValue | undefined;
}

/** What stands in storage in place of a secret. */
const REDACTED = '[redacted]';

/**
 * What differs between the values before and the values after, down to single values; lists are compared place by place.
 * In time proportional to their size.
 *
 * @param before @default nothing
 * @param after @default nothing
 * @returns in the order of the names before, then of the added ones; of a list's places that were removed the last one first, so that
 *   a patch made of them can be applied. Two values that were both redacted count as changed, since nobody can tell.
 */
export function valueChanges(before: JsonValue | undefined, after: JsonValue | undefined): ValueChange[] {
  const changes: ValueChange[] = [];
  const isObject = isJsonObject(before) || isJsonObject(after);
  compare(before ?? (isObject ? {} : undefined), after ?? (isObject ? {} : undefined), '', changes);
  return changes;
}

/** A value as people read it in a line: JSON, and nothing for what is not there. */
export function changeText({ path, from, to }: ValueChange): string {
  if (from === undefined) return `+ ${path} ${JSON.stringify(to)}`;
  if (to === undefined) return `- ${path} ${JSON.stringify(from)}`;
  if (from === REDACTED && to === REDACTED) return `~ ${path} ${REDACTED}`;
  return `~ ${path} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`;
}

function compare(
  from: JsonValue | undefined,
  to: JsonValue | undefined,
  path: string,
  changes: ValueChange[],
): void {
  if (Array.isArray(from) && Array.isArray(to)) {
    for (let i = 0; i < Math.min(from.length, to.length); i++)
      compare(from[i], to[i], `${path}/${i}`, changes);
    for (let i = from.length - 1; i >= to.length; i--) add(`${path}/${i}`, from[i], undefined, changes);
    for (let i = from.length; i < to.length; i++) add(`${path}/${i}`, undefined, to[i], changes);
  } else if (isJsonObject(from) && isJsonObject(to)) {
    for (const [name, value] of Object.entries(from)) {
      const place = `${path}/${pointerPart(name)}`;
      if (Object.hasOwn(to, name)) compare(value, to[name], place, changes);
      else add(place, value, undefined, changes);
    }
    for (const [name, value] of Object.entries(to)) {
      if (!Object.hasOwn(from, name)) add(`${path}/${pointerPart(name)}`, undefined, value, changes);
    }
  } else if (from !== to || from === REDACTED) {
    add(path, from, to, changes);
  }
}

function add(
  path: string,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
  changes: ValueChange[],
): void {
  changes.push({ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
}

/** RFC 6901, section 3. */
function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
