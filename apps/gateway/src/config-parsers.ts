import { StartError } from './start/start-error.js';

/** Of a port; 0: any free one. @param name of the setting, for its error */
export function portParser(name: string): (text: string) => number {
  return (text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (port <= 65_535) return port;
    throw new StartError(`${name} is "${text}"; allowed: a whole number from 0 (any free port) to 65535`);
  };
}

/** Of a whole number. @param name of the setting, for its error */
export function countParser(name: string, min: number, max = 999_999): (text: string) => number {
  return (text) => {
    const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (count >= min && count <= max) return count;
    throw new StartError(`${name} is "${text}"; allowed: a whole number from ${min} to ${max}`);
  };
}

/** Of a yes or no. @param name of the setting, for its error */
export function flagParser(name: string): (text: string) => boolean {
  return (text) => {
    if (text === '1' || text === 'true') return true;
    if (text === '0' || text === 'false') return false;
    throw new StartError(`${name} is "${text}"; allowed: 1 or 0`);
  };
}

/** Names the setting in whatever error its parser throws. */
export function named<T>(name: string, parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new StartError(`${name}: ${(error as Error).message}`);
    }
  };
}

/** A list of which `check` throws when an element is wrong. */
export function listParser(
  name: string,
  check: (parts: readonly string[]) => unknown,
): (text: string) => readonly string[] {
  return named(name, (text) => {
    const parts = listOf(text);
    check(parts);
    return parts;
  });
}

/** The parts of a text between commas. */
export function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}
