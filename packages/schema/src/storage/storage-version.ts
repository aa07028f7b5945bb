/** Version of what is stored and how, as the key `settings:storage` has it. Version 1 recorded none. */
export const STORAGE_VERSION = '2';

/** Another version of Tailrace wrote what is in Redis: it is neither read nor written. */
export class StorageVersionError extends Error {
  override readonly name = 'StorageVersionError';
  readonly code = 'storage_version';
  /** What `settings:storage` says. */
  readonly version: string;

  constructor(version: string) {
    super(
      `what is stored in Redis is of storage version ${version}, allowed: ${STORAGE_VERSION}; use the Tailrace that wrote it, another database or another key prefix`,
    );
    this.version = version;
  }
}
