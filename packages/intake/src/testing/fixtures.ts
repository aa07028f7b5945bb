import type { IntakeOptions } from '../intake.js';
import { CONTAINER_FIXTURES } from './container-fixtures.js';
import { JSON_FIXTURES } from './json-fixtures.js';
import { TEXT_FIXTURES } from './text-fixtures.js';

/** Lines of a format and what they must become. */
export interface Fixture {
  readonly format: string;
  readonly title: string;
  readonly text: string;
  /** Parts of the entries; a refusal as `{ code }`. Fields a wrong guess would fill are absent where none is named. */
  readonly expected: readonly Readonly<Record<string, unknown>>[];
  readonly options?: IntakeOptions;
}

/** Small samples of every format, written for these tests; addresses are of the documentation ranges. */
export const FIXTURES: readonly Fixture[] = [...TEXT_FIXTURES, ...CONTAINER_FIXTURES, ...JSON_FIXTURES];
