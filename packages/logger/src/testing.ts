export type { Entry } from '@tailrace/schema';
export type { EntryMatch, Expected } from './recorder/entry-match.js';
export { createRecorder, type Recorder, type RecorderOptions } from './recorder/recorder.js';
