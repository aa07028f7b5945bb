import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GatewayError } from '@tailrace/client';
import { readLines } from '@tailrace/intake';
import { z } from 'zod';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { createFingerprint, type Fingerprint } from './fingerprint.js';
import type { Input } from './input.js';

const recordSchema = z.object({
  gateway: z.string(),
  fingerprint: z.string(),
  lines: z.number(),
  /** ISO 8601. */
  at: z.string(),
  /** The first entry that was stored. */
  id: z.string(),
});
const fileSchema = z.object({ imports: z.array(recordSchema) });

type PastImport = z.output<typeof recordSchema>;

/** Imports remembered; the oldest are forgotten. */
const MAX_IMPORTS = 1_000;

/**
 * Which files this user has imported into this gateway, in a file of the user's state folder. An import counts while its
 * first entry is still stored: after a clear, or in another gateway at the same address, the file is new.
 */
export class PastImports {
  readonly #context: Context;
  readonly #path: string | undefined;
  #imports: readonly PastImport[];

  private constructor(context: Context, path: string | undefined, imports: readonly PastImport[]) {
    this.#context = context;
    this.#path = path;
    this.#imports = imports;
  }

  /** Reads what is remembered; nothing without a state folder. */
  static async open(context: Context): Promise<PastImports> {
    const { stateFolder } = context;
    if (stateFolder === undefined) return new PastImports(context, undefined, []);
    const path = join(stateFolder, 'imports.json');
    return new PastImports(context, path, await readImports(path));
  }

  /** @returns what is to be said of a file that was imported before; `undefined` for a new one, and for a stream. */
  async find({ path, input }: { readonly path: string; readonly input: Input }): Promise<string | undefined> {
    const { address } = this.#context.gateway;
    const here = this.#imports.filter(({ gateway }) => gateway === address);
    if (here.length === 0 || input.size === undefined) return undefined;
    const fingerprint = createFingerprint();
    try {
      for await (const line of readLines(input.read())) fingerprint.add(line);
    } catch (error) {
      if (error instanceof CliError) return undefined;
      throw error;
    }
    const value = fingerprint.value();
    const known = here.findLast((one) => one.fingerprint === value);
    if (known === undefined || !(await this.#isStored(known.id))) return undefined;
    const day = known.at.slice(0, 16).replace('T', ' ');
    return `${path} was imported before, at ${day} UTC (${known.lines} lines); --again imports it all the same`;
  }

  /** Remembers a file. Where that cannot be written the import was one all the same. */
  async add(path: string, fingerprint: Fingerprint, id: string): Promise<void> {
    if (this.#path === undefined || path === '-' || fingerprint.lines === 0) return;
    const { address: gateway } = this.#context.gateway;
    const { lines } = fingerprint;
    const record = { gateway, fingerprint: fingerprint.value(), lines, at: new Date().toISOString(), id };
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      this.#imports = [...(await readImports(this.#path)), record].slice(-MAX_IMPORTS);
      const aside = `${this.#path}.${process.pid}`;
      await writeFile(aside, `${JSON.stringify({ imports: this.#imports })}\n`, { mode: 0o600 });
      await rename(aside, this.#path);
    } catch (error) {
      await this.#context.hint(`cannot remember this import: ${(error as Error).message}`);
    }
  }

  /** Whoever may write but not read cannot tell: the file counts as imported. */
  async #isStored(id: string): Promise<boolean> {
    try {
      await this.#context.gateway.ask('GET /logs/entry/{id}', { path: { id } });
      return true;
    } catch (error) {
      if (error instanceof GatewayError && error.status === 404) return false;
      if (error instanceof GatewayError && error.status === 403) return true;
      throw error;
    }
  }
}

async function readImports(path: string): Promise<readonly PastImport[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).imports;
  } catch {
    return [];
  }
}
