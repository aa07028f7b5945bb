import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import {
  checkProofLines,
  type NoteSigner,
  type ProofFinding,
  type ProofWindow,
  type ProvenEntry,
  proofLines,
  verifierKeyOf,
} from '@tailrace/audit';
import type { Client } from '@tailrace/client';
import { readLines } from '@tailrace/intake';
import { canonicalJson, DEFAULT_HOURS } from '@tailrace/schema';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { openInput } from '../import/input.js';
import { printable, printableJson } from '../print/printable.js';
import { timeOf } from '../query/query-flags.js';
import { given } from '../query/query-parameters.js';
import { readKeyFile, readPublicKey } from './public-key.js';
import { verifyTrail } from './verify-trail.js';

const HOUR_MS = 3_600_000;

/** Adds `audit keygen`, `audit export` and `audit verify`. */
export function addProofCommands(audit: Command, openContext: OpenContext): void {
  addKeygen(audit, openContext);
  addExport(audit, openContext);
  addVerify(audit, openContext);
}

function addKeygen(audit: Command, openContext: OpenContext): void {
  const command = audit
    .command('keygen')
    .description('Make a key that signs exports: FILE, which stays secret, and FILE.pub')
    .argument('<file>')
    .option('--name <name>', 'Whose key it is, without spaces and +. Default: tailrace-audit');
  command.action(async (file: string) => {
    const { out } = openContext(command);
    const { name = 'tailrace-audit' } = command.opts<{ name?: string }>();
    if (!/^[^\s+]{1,100}$/.test(name)) {
      throw new CliError(`name is "${printable(name)}"; allowed: text without spaces and +`, { exitCode: 2 });
    }
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const verifierKey = verifierKeyOf({ name, privateKey });
    // A key that is there already is never replaced.
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
    await writeFile(`${file}.pub`, `${verifierKey}\n`, { flag: 'wx' });
    await out.write(`${verifierKey}\n`);
  });
}

function addExport(audit: Command, openContext: OpenContext): void {
  const command = audit
    .command('export')
    .description(
      'Write the audit entries of --hours, or --from and --to, oldest first, each with its proof, signed',
    )
    .requiredOption('--key <file>', 'The key of audit keygen');
  command.action(async () => {
    const { gateway, out, host } = openContext(command);
    const signer = await readSigner(command.opts<{ key: string }>().key);
    const window = windowOf(command);
    const entries: string[] = [];
    for await (const line of gateway.exportLines(auditQuery(window), { signal: host.onInterrupt() })) {
      entries.push(line);
    }
    for (const line of proofLines(entries.reverse(), signer, window)) await out.write(`${line}\n`);
  });
}

function addVerify(audit: Command, openContext: OpenContext): void {
  const command = audit
    .command('verify')
    .description(
      'Check the audit trail, or with --file a signed export, and name what was changed, removed, added or moved',
    )
    .option('--file <file>', 'What audit export wrote, or - for standard input')
    .option('--public-key <key>', 'The public key: the text, or the file FILE.pub')
    .option('--stored', 'Also compare with what the gateway has now');
  command.action(async () => {
    const { gateway, json, out, host } = openContext(command);
    const flags = command.opts<VerifyFlags>();
    if (flags.file === undefined) return verifyTrail(openContext(command), flags.publicKey);
    if (flags.publicKey === undefined)
      throw new CliError('--file needs --public-key, which checks it', { exitCode: 2 });
    const input = await openInput(flags.file, host.stdin, false);
    try {
      const result = await checkProofLines(textsOf(input.read()), await readPublicKey(flags.publicKey));
      const { findings, size, window, entries } = result;
      const differences =
        flags.stored && window !== undefined ? await compare(gateway, window, entries) : undefined;
      if (json) await out.write(`${printableJson({ size, window, findings, stored: differences })}\n`);
      else {
        for (const finding of findings) await out.write(`${findingText(finding)}\n`);
        for (const id of differences?.changed ?? [])
          await out.write(`${printable(id)}: stored otherwise than it was signed\n`);
        for (const id of differences?.missing ?? [])
          await out.write(`${printable(id)}: not stored any more\n`);
      }
      const wrong = findings.length + (differences?.changed.length ?? 0) + (differences?.missing.length ?? 0);
      if (wrong > 0) throw new CliError(`${wrong} of ${size} entries are not as they were signed`);
      const more =
        differences === undefined ? '' : `, and stored as they were; ${differences.later} came later`;
      if (!json) await out.write(`${size} entries are as they were signed${more}\n`);
    } finally {
      await input.close();
    }
  });
}

interface VerifyFlags {
  readonly file?: string;
  readonly publicKey?: string;
  readonly stored?: boolean;
}

/** A line longer than what is read counts as one that cannot be read. */
async function* textsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const { text } of readLines(chunks)) if (text !== '') yield text ?? '';
}

/** How the entries that were signed stand in the store. */
interface Stored {
  /** Ids of entries that are there and differ. */
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  /** Entries of the same window that were not signed. */
  readonly later: number;
}

async function compare(
  gateway: Client,
  window: ProofWindow,
  signed: readonly ProvenEntry[],
): Promise<Stored> {
  const expected = new Map(signed.map((entry) => [String(entry.id), canonicalJson(entry)]));
  const changed: string[] = [];
  let later = 0;
  for await (const line of gateway.exportLines(auditQuery(window))) {
    const entry = JSON.parse(line) as ProvenEntry;
    const id = String(entry.id);
    const wanted = expected.get(id);
    expected.delete(id);
    if (wanted === undefined) later++;
    else if (wanted !== canonicalJson(entry)) changed.push(id);
  }
  return { changed, missing: [...expected.keys()], later };
}

function auditQuery({ from, to }: ProofWindow) {
  return given<'GET /logs/export'>({ level: 'AUDIT', from, to, format: 'ndjson' });
}

/** `audit` itself has the flags of the window, and takes them wherever they stand. */
function windowOf(command: Command): ProofWindow {
  const flags = command.optsWithGlobals<{ hours?: string; from?: string; to?: string }>();
  const hours = Number(flags.hours || DEFAULT_HOURS);
  if (!(hours > 0 && hours < 1e6)) throw new CliError('hours must be a number of hours', { exitCode: 2 });
  const to = isoOf('to', timeOf(command, flags.to)) ?? new Date().toISOString();
  const from =
    isoOf('from', timeOf(command, flags.from)) ?? new Date(Date.parse(to) - hours * HOUR_MS).toISOString();
  return { from, to };
}

function isoOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new CliError(`${name} is "${printable(text)}"; allowed: a time such as 2024-01-15 10:30`, {
      exitCode: 2,
    });
  }
  return new Date(time).toISOString();
}

async function readSigner(file: string): Promise<NoteSigner> {
  const [pem, publicKey] = [await readKeyFile(file), await readKeyFile(`${file}.pub`)];
  const [name = ''] = publicKey.split('+');
  try {
    return { name, privateKey: createPrivateKey(pem) };
  } catch (cause) {
    throw new CliError(`${printable(file)} is no key of audit keygen`, { cause });
  }
}

function findingText({ kind, index, line }: ProofFinding): string {
  if (kind === 'checkpoint')
    return 'the checkpoint is not signed by this key: nothing is known of the entries';
  const where = line === undefined ? '' : ` (line ${line})`;
  return index === undefined ? `an entry was added${where}` : `entry ${index} was ${kind}${where}`;
}
