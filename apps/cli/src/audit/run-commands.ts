import { readFile } from 'node:fs/promises';
import type { CostsReply, RunReply, RunsReply } from '@tailrace/api';
import { COST_GROUPS, type CostGroup, createCostReport } from '@tailrace/audit';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { entryTime } from '../print/entry-time.js';
import { printable, printableJson } from '../print/printable.js';
import { timeOf } from '../query/query-flags.js';
import { given } from '../query/query-parameters.js';

interface WindowFlags {
  readonly hours?: string;
  readonly from?: string;
  readonly to?: string;
  readonly user?: string;
  readonly local?: boolean;
  readonly utc?: boolean;
}

/** Adds `run list`, `run show <id>` and `report`. */
export function addRunCommands(program: Command, openContext: OpenContext): void {
  const run = program.command('run').description('Show runs and their steps');
  addRunList(run, openContext);
  addRunShow(run, openContext);
  addReport(program, openContext);
}

function addRunList(run: Command, openContext: OpenContext): void {
  const command = withWindow(
    run.command('list').description('Show the newest runs: how each ended, and its cost'),
  ).option('--limit <count>', 'Newest runs to show, 1 to 100. Default: 100');
  command.action(async () => {
    const { gateway, json, out, hint } = openContext(command);
    const query = { ...windowOf(command), limit: command.opts<{ limit?: string }>().limit };
    const { runs } = await gateway.ask('GET /api/runs', { query: given<'GET /api/runs'>(query) });
    for (const one of runs)
      await out.write(json ? `${printableJson(one)}\n` : `${runLine(one, zoneOf(command))}\n`);
    if (runs.length === 0) await hint('no runs');
  });
}

function addRunShow(run: Command, openContext: OpenContext): void {
  const command = run.command('show').description('Show one run, moment by moment').argument('<id>');
  command.action(async (id: string) => {
    // `..` and `.` would not survive URL parsing.
    if (/^\.{0,2}$/.test(id)) throw new CliError('id must not be empty, . or ..', { exitCode: 2 });
    const { gateway, json, out, notice } = openContext(command);
    const reply: RunReply = await gateway.ask('GET /api/runs/{id}', { path: { id } });
    if (!json) await out.write(`${runLine(reply.run, zoneOf(command))}\n`);
    for (const moment of reply.timeline) {
      await out.write(json ? `${printableJson(moment)}\n` : `${momentLine(moment)}\n`);
    }
    if (reply.partial) await notice('too much to read it all: older moments are missing');
  });
}

function addReport(program: Command, openContext: OpenContext): void {
  const command = withWindow(
    program
      .command('report')
      .description('Add up what was spent: of what the gateway has, or of the lines of a trace file')
      .argument('[file]', 'A trace of JSON lines with COST_TRACKED events'),
  )
    .option('--cost', 'Costs (the default, and all there is)')
    .addOption(new Option('--by <group>', 'What to add up by. Default: model').choices(COST_GROUPS))
    .option('--run <id>', 'Only of this run');
  command.action(async (file: string | undefined) => {
    const { gateway, json, out, notice } = openContext(command);
    const { by = 'model', run } = command.opts<{ by?: CostGroup; run?: string }>();
    const query = { ...windowOf(command), by, run };
    const report =
      file === undefined
        ? await gateway.ask('GET /api/costs', { query: given<'GET /api/costs'>(query) })
        : await reportOfFile(file, by, run);
    await out.write(json ? `${printableJson(report)}\n` : reportText(report, by));
    if ('partial' in report && report.partial)
      await notice('too much to read it all: older costs are missing');
  });
}

/** @throws CliError when the file cannot be read. */
async function reportOfFile(path: string, by: CostGroup, run: string | undefined) {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError(`cannot read ${printable(path)}`, { cause });
  });
  const report = createCostReport(by);
  for (const line of text.split('\n')) {
    const record = readJson(line);
    const data = { ...(record?.data as object | undefined), ...record };
    if (record?.event !== 'COST_TRACKED' || (run !== undefined && data.run_id !== run)) continue;
    const time = Date.parse(String(record.timestamp));
    report.add({ timestamp: Number.isNaN(time) ? 0 : time, data: data as never });
  }
  return report.read();
}

function readJson(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function reportText(report: Omit<CostsReply, 'query' | 'partial'>, by: CostGroup): string {
  const lines = [
    `Total Cost: ${dollars(report.total_cost_usd)}`,
    `Total Tokens: ${report.total_tokens.toLocaleString('en-US')}`,
    `Average Cost per Request: ${dollars(report.average_cost_usd)}`,
  ];
  if (report.groups.length > 0) lines.push(`by ${by}`);
  for (const { name, cost_usd, tokens, requests } of report.groups) {
    const figures = [
      dollars(cost_usd).padStart(12),
      `${tokens.toLocaleString('en-US')} tokens`,
      `${requests} requests`,
    ];
    lines.push(`${figures.join('  ')}  ${printable(name)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Cents, or as many digits as a smaller amount needs. */
function dollars(amount: number): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 9 })}`;
}

function runLine(run: RunsReply['runs'][number], zone: 'utc' | 'local'): string {
  const { run_id, started, status, duration_ms, steps, failed_steps, cost_usd, tokens } = run;
  const parts = [
    started === null ? 'start unknown' : entryTime(started, zone),
    status,
    run_id,
    ...(duration_ms === null ? [] : [`${duration_ms} ms`]),
    `${steps} steps${failed_steps === 0 ? '' : `, ${failed_steps} failed`}`,
    ...(cost_usd === 0 ? [] : [`${dollars(cost_usd)}, ${tokens} tokens`]),
  ];
  return printable(parts.join('  '));
}

function momentLine(moment: RunReply['timeline'][number]): string {
  const { offset_ms, event, level, step_id, tool, status, decision, duration_ms, cost_usd, tokens, model } =
    moment;
  const facts = [step_id, tool, decision, status, model]
    .filter((fact) => fact !== null)
    .concat(duration_ms === null ? [] : [`${duration_ms} ms`])
    .concat(cost_usd === null ? [] : [dollars(cost_usd)])
    .concat(tokens === null ? [] : [`${tokens} tokens`]);
  const isKnown = event !== null && facts.length > 0;
  const text = isKnown ? facts.join('  ') : moment.message;
  return printable(
    `${`+${(offset_ms / 1000).toFixed(3)}s`.padStart(12)}  ${(event ?? level).padEnd(20)}  ${text}`,
  );
}

function withWindow(command: Command): Command {
  return command
    .option('--hours <hours>', 'Hours to look back. Default: 24')
    .option('--from <time>')
    .option('--to <time>')
    .option('--user <id>', 'Only of this user');
}

function windowOf(command: Command) {
  const { hours, from, to, user } = command.opts<WindowFlags>();
  return { hours, from: timeOf(command, from), to: timeOf(command, to), user };
}

function zoneOf(command: Command): 'utc' | 'local' {
  const { local, utc } = command.optsWithGlobals<WindowFlags>();
  return local && !utc ? 'local' : 'utc';
}
