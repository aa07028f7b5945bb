import { type CompiledFilter, compileFilter, type ErasedFromFiles } from '@tailrace/query';
import type { Cursor, TimeWindow } from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import type { ManifestStore, SealedFile, Tombstone } from '../manifest/manifest.js';
import { searchSealed } from '../read/sealed-search.js';
import { type ParquetWriter, removeFiles } from '../seal/parquet-writer.js';
import type { Sealer } from '../seal/sealer.js';
import { timestampOfId, withoutHidden } from './hidden-entries.js';
import { erasure, filterOf } from './tombstones.js';

/** @see createEraser */
export interface EraserOptions {
  readonly duck: Duck;
  readonly folder: string;
  readonly manifest: ManifestStore;
  readonly writer: ParquetWriter;
  readonly sealer: Sealer;
  /** Every entry that is stored now is in the view behind this. */
  readonly catchUp: () => Promise<void>;
}

/** Erases entries of an archive. */
export interface Eraser {
  /**
   * Erases what matches. No read shows it once the first progress is told; its files are written anew one by one. A caller
   * that stops reading ends that; {@link Eraser.resume} goes on.
   */
  erase(filter: CompiledFilter, window: TimeWindow, signal?: AbortSignal): AsyncGenerator<ErasedFromFiles>;
  /** Finishes what an earlier call, or an earlier process, began. */
  resume(signal?: AbortSignal): Promise<void>;
}

/** Entries of a file looked at in one go. */
const PAGE = 5_000;

/** @see Eraser */
export function createEraser(options: EraserOptions): Eraser {
  const { manifest, sealer, catchUp } = options;

  /** Writes the first file anew that may have erased entries. @returns what was erased, `undefined` at the end */
  async function eraseOne(signal?: AbortSignal): Promise<number | undefined> {
    return sealer.changeFiles(async ({ files, tombstones }) => {
      const [tombstone] = tombstones;
      if (tombstone === undefined) return undefined;
      const name = tombstone.files.find((name) => files.some((file) => file.name === name));
      const file = files.find((file) => file.name === name);
      if (file === undefined) {
        await manifest.change((current) => ({ tombstones: current.tombstones.slice(1) }));
        return 0;
      }
      return rewrite(file, tombstone, signal);
    });
  }

  async function rewrite(file: SealedFile, tombstone: Tombstone, signal?: AbortSignal): Promise<number> {
    const { writer } = options;
    const { filter, window } = tombstone;
    const isWhole = Object.keys(filter).length === 0 && file.from >= window.from && file.to <= window.to;
    const ids = isWhole ? [] : await idsIn(file, tombstone, signal);
    const rest = ids.length === 0 ? file : await writer.merge([file], ids);
    const written = isWhole ? undefined : rest;
    const gone = new Set(ids);
    await manifest.change((current) => ({
      ...withoutHidden(current, (id) =>
        isWhole ? timestampOfId(id) >= file.from && timestampOfId(id) <= file.to : gone.has(id),
      ),
      files: current.files.flatMap((one) =>
        one.name !== file.name ? [one] : written === undefined ? [] : [written],
      ),
      tombstones: current.tombstones.map((one, i) => ({
        ...one,
        // Under a new name it is looked at for the tombstones behind the first.
        files: one.files.flatMap((name) => {
          if (name !== file.name) return [name];
          return i === 0 || written === undefined ? [] : [written.name];
        }),
      })),
    }));
    if (written !== file) await removeFiles(options.folder, [file]);
    return isWhole ? file.rows : ids.length;
  }

  async function idsIn(
    file: SealedFile,
    { filter, window }: Tombstone,
    signal?: AbortSignal,
  ): Promise<string[]> {
    const { duck, folder } = options;
    const search = { duck, folder, files: [file], filter: compileFilter(filter), window, errorsOnly: false };
    const ids: string[] = [];
    for (let cursor: Cursor | undefined; ; ) {
      const found = await searchSealed({ ...search, cursor, limit: PAGE, signal });
      for (const { id } of found) ids.push(id);
      const last = found.at(-1);
      if (found.length < PAGE || last === undefined) return ids;
      cursor = { timestamp: last.timestamp, order: last.order ?? 0, id: last.id };
    }
  }

  return {
    async *erase(filter, window, signal) {
      await catchUp();
      const isErased = erasure(filter, window);
      const unsealed = await sealer.eraseUnsealed(isErased, () =>
        manifest.change((current) => {
          const { files, tombstones } = current;
          const gone = new Set(
            sealer.view().unsealed.flatMap(({ entry }) => (isErased(entry) ? [entry.id] : [])),
          );
          const shown = withoutHidden(current, (id) => gone.has(id));
          const within = files.filter(({ from, to }) => from <= window.to && to >= window.from);
          if (within.length === 0) return shown;
          const names = within.map(({ name }) => name);
          return {
            ...shown,
            tombstones: [...tombstones, { filter: filterOf(filter), window, files: names }],
          };
        }),
      );
      let sealed = 0;
      for (;;) {
        const left = new Set(manifest.current.tombstones.flatMap(({ files }) => files)).size;
        yield { unsealed, sealed, filesLeft: left };
        signal?.throwIfAborted();
        const erased = await eraseOne(signal);
        if (erased === undefined) return;
        sealed += erased;
      }
    },
    async resume(signal) {
      while ((await eraseOne(signal)) !== undefined) signal?.throwIfAborted();
    },
  };
}
