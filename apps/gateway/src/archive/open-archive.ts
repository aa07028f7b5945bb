import {
  type Archive,
  type ArchiveOptions,
  DuckMissingError,
  FolderInUseError,
  ForeignArchiveError,
  ManifestError,
  openArchive,
} from '@tailrace/archive';
import { StartError } from '../start/start-error.js';

/**
 * Opens the archive of `DATA_DIR`.
 *
 * @returns `undefined` where DuckDB is missing: everything else works
 * @throws StartError when the folder cannot be used.
 */
export async function openArchiveAt(options: ArchiveOptions): Promise<Archive | undefined> {
  const { folder, report, isMemoryOnly } = options;
  try {
    return await openArchive(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof DuckMissingError) {
      report(`${reason}; nothing is archived${isMemoryOnly ? ', and all data end with the gateway' : ''}`);
      return undefined;
    }
    const isOurs = [FolderInUseError, ForeignArchiveError, ManifestError].some(
      (kind) => error instanceof kind,
    );
    const hint = isMemoryOnly ? '; DATA_DIR= (empty) keeps data in memory only' : '';
    throw new StartError(
      isOurs ? `DATA_DIR: ${reason}${hint}` : `DATA_DIR ${folder} cannot be used: ${reason}${hint}`,
      {
        cause: error,
      },
    );
  }
}
