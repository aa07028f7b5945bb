export { type Archive, type ArchiveOptions, openArchive } from './archive.js';
export { DuckMissingError } from './duck/duck.js';
export { FolderInUseError } from './files/folder-lock.js';
export { ForeignArchiveError } from './keep/claim-store.js';
export { ManifestError } from './manifest/manifest.js';
export { type ComposedReader, composeReader, type Sides } from './read/compose-reader.js';
export type { ColdStatistics } from './statistics/cold-statistics.js';
export type { ArchivedDay, ArchiveStatus } from './status.js';
export type { DamagedFile, Verification } from './verify.js';
