import type { Entry } from '@tailrace/schema';
import type { FedEntry, FeedPlace } from '../feed/stream-feed.js';
import { Unsealed } from '../feed/unsealed.js';
import { createInTurn } from '../files/in-turn.js';
import type { Journal } from '../journal/journal.js';
import type { Manifest, ManifestStore, SealedFile } from '../manifest/manifest.js';
import type { ColdView } from '../read/cold-reader.js';
import { type ParquetWriter, removeFiles } from './parquet-writer.js';

/** @returns ids of those of some entries that are in some files. */
export type KnownIn = (
  files: readonly SealedFile[],
  entries: readonly Entry[],
) => Promise<ReadonlySet<string>>;

/** How entries are sealed that are not of the class they would have. */
export interface SealedUnder {
  readonly retention: string;
  readonly change: (current: Manifest) => Partial<Manifest>;
}

/** @see Sealer */
export interface SealerOptions {
  readonly folder: string;
  readonly manifest: ManifestStore;
  readonly writer: ParquetWriter;
  /** Of a store in memory. */
  readonly journal: Journal | undefined;
  /** Ids of entries that are in files already, and may be sent once more. */
  readonly known: ReadonlySet<string>;
}

/** Keeps what is unsealed, and seals it. Whoever changes files does it here, one after the other. */
export class Sealer {
  readonly #options: SealerOptions;
  readonly #unsealed = new Unsealed();
  readonly #known: Set<string>;
  /** Changes of files. */
  readonly #inTurn = createInTurn();
  /** What comes in, and the moment in which a seal begins. */
  readonly #intake = createInTurn();
  #place: FeedPlace;

  constructor(options: SealerOptions) {
    this.#options = options;
    this.#known = new Set(options.known);
    const { position, added } = options.manifest.current;
    this.#place = { position, added };
  }

  /** Entries that are in no file, and since when, by `performance.now()`. */
  get unsealed(): { readonly count: number; readonly since: number | undefined } {
    return { count: this.#unsealed.entries.length, since: this.#unsealed.since };
  }

  /** What is there at this moment. */
  view(): Omit<ColdView, 'lack'> {
    return { manifest: this.#options.manifest.current, unsealed: this.#unsealed.entries };
  }

  /** Takes entries from the stream. */
  take(entries: readonly FedEntry[], place: FeedPlace): Promise<void> {
    return this.#intake(async () => {
      const fresh =
        this.#known.size === 0 ? entries : entries.filter(({ entry }) => !this.#known.delete(entry.id));
      await this.#options.journal?.append(fresh);
      this.#unsealed.add(fresh, performance.now());
      this.#place = place;
    });
  }

  /** The stream begins anew: Redis has lost what it had. Redis is complete from `hotFrom` on. */
  async restart(hotFrom: number): Promise<void> {
    await this.seal();
    await this.#intake(async () => {
      this.#place = { position: '0-0', added: 0 };
    });
    await this.#options.manifest.change(() => ({ position: '0-0', added: 0, hotFrom }));
  }

  /** Seals everything that is unsealed now. */
  seal(): Promise<void> {
    return this.#inTurn(async () => {
      const { folder, manifest, writer, journal } = this.#options;
      const { entries, place, forget } = await this.#intake(async () => ({
        entries: this.#unsealed.entries,
        place: this.#place,
        forget: await journal?.rotate(),
      }));
      if (entries.length === 0) return;
      const files = await writer.writeEntries(entries.map(({ entry }) => entry));
      try {
        await manifest.change(
          (current) => ({ files: [...current.files, ...files], ...place }),
          () => this.#unsealed.dropFirst(entries.length, performance.now()),
        );
      } catch (error) {
        await removeFiles(folder, files);
        throw error;
      }
      await forget?.();
    });
  }

  /**
   * Seals those of some entries that are in no file and not unsealed either. What came by the stream must have been taken
   * since they were found.
   *
   * @param knownIn which of some entries are in files
   * @param under the class of all of them, and what else changes in the manifest then; @default the class of each
   */
  sealUnknown(entries: readonly Entry[], knownIn: KnownIn, under?: SealedUnder): Promise<void> {
    return this.#inTurn(async () => {
      const { writer, manifest, folder } = this.#options;
      const waiting = new Set(this.#unsealed.entries.map(({ entry }) => entry.id));
      const rest = entries.filter(({ id }) => !waiting.has(id));
      const known = await knownIn(manifest.current.files, rest);
      const unknown = rest.filter(({ id }) => !known.has(id));
      if (unknown.length === 0) return;
      const files = await writer.writeEntries(unknown, under?.retention);
      try {
        await manifest.change((current) => ({
          ...under?.change(current),
          files: [...current.files, ...files],
        }));
      } catch (error) {
        await removeFiles(folder, files);
        throw error;
      }
    });
  }

  /** Changes files and then the manifest, while nobody else does. */
  changeFiles<Result>(change: (current: Manifest) => Promise<Result>): Promise<Result> {
    return this.#inTurn(() => change(this.#options.manifest.current));
  }

  /** Takes what is erased away from what is unsealed. @param erase adds to the manifest what is erased in files */
  eraseUnsealed(isErased: (entry: Entry) => boolean, erase: () => Promise<unknown>): Promise<number> {
    return this.#inTurn(() =>
      this.#intake(async () => {
        await erase();
        const removed = this.#unsealed.remove(isErased);
        if (removed > 0) {
          const lines = this.#unsealed.entries.map(({ streamId, entry }) => ({
            streamId,
            json: JSON.stringify(entry),
          }));
          await this.#options.journal?.rewrite(lines);
        }
        return removed;
      }),
    );
  }
}
