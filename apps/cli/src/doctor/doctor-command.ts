import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { wrapped } from '../print/wrapped.js';
import type { Finding } from './finding.js';
import { checkEmbeddedEngine, checkGateway, checkNode, checkSettings } from './process-checks.js';
import { checkRedis } from './redis-checks.js';

const DEFAULT_WIDTH = 100;

/** Adds `doctor`: looks at all that a logger, a gateway and their Redis need, and says what to do. */
export function addDoctorCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('doctor')
    .description('Look at Node, settings, gateway, engine, clock, memory and rights, and say what to do');
  command.action(async () => {
    const context = openContext(command);
    const findings: Finding[] = [];
    for await (const some of examine(context, program.version() ?? '')) {
      findings.push(...some);
      if (!context.json) await context.out.write(some.map((finding) => textOf(finding, context)).join(''));
    }
    if (context.json) await context.out.write(`${JSON.stringify(findings)}\n`);
    const faults = findings.filter(({ state }) => state === 'fault').length;
    if (faults > 0) throw new CliError(`${faults} ${faults === 1 ? 'fault' : 'faults'} found`);
  });
}

async function* examine({ host, gateway }: Context, version: string): AsyncGenerator<readonly Finding[]> {
  yield [checkNode(process.versions.node)];
  const settings = await checkSettings(host.env);
  yield [settings];
  const { finding, redisUrl: found } = await checkGateway(gateway, version);
  yield [finding];
  if (settings.state === 'fault') return;
  const { REDIS_URL, KEY_PREFIX = '' } = host.env;
  const url = REDIS_URL || found;
  // A gateway that is not told of keeps its engine to itself: then there is nothing here to ask.
  if (url !== undefined) yield await checkRedis(url, KEY_PREFIX);
  else if (finding.state === 'fault') yield [await checkEmbeddedEngine()];
}

function textOf({ subject, state, text, advice }: Finding, { palette, out }: Context): string {
  const paint = { ok: palette.level('INFO'), warning: palette.warn, fault: palette.error }[state];
  const indent = ' '.repeat(18);
  const width = (out.columns ?? DEFAULT_WIDTH) - indent.length;
  const [first = '', ...rest] = [
    ...wrapped(text, width),
    ...(advice === undefined ? [] : wrapped(`-> ${advice}`, width)),
  ];
  return [
    `${paint(state.padEnd(8))} ${subject.padEnd(9)}${first}`,
    ...rest.map((line) => indent + line),
    '',
  ].join('\n');
}
