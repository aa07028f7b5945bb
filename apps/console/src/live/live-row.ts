import type { Entry } from '../state/api.js';

/** A row of the list: an entry, or something that happened to the stream. */
export type Row =
  | { readonly key: string; readonly entry: Entry }
  | {
      readonly key: string;
      readonly entry?: undefined;
      readonly text: string;
      readonly tone: 'bad' | 'good';
    };
