import type { OAuthFlowsReply } from '@tailrace/api';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { printableJson } from '../print/printable.js';
import { nothingFound } from '../query/asked-text.js';
import { timeOf } from '../query/query-flags.js';
import { given, type QueryParameters } from '../query/query-parameters.js';
import { flowList } from './flow-list.js';
import type { FlowStyle } from './flow-style.js';
import { flowTimeline } from './flow-timeline.js';
import { summaryText } from './summary-text.js';

/** What a timeline is wide where there is no terminal, and at most. */
const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 120;

/** Adds `oauth`, `oauth-debug`, `oauth-flow` and `oauth-user`. */
export function addOAuthCommands(program: Command, openContext: OpenContext): void {
  addCommand('oauth', 'Show the OAuth activity of a client IP, counted')
    .argument('<ip>')
    .action(async (ip: string, _, command: Command) => {
      const { context, query, style } = opened(command);
      const reply = await context.gateway.oauthSummary(pathPart(ip, '<ip>'), given(query));
      await print(context, [reply], () => summaryText(reply, style));
      if (reply.partial) await hintPartial(context);
      else if (reply.activity.length === 0)
        await context.hint(nothingFound('OAuth activity', { ...query, ip }));
    });
  addCommand('oauth-debug', 'Show every OAuth flow of a client IP, step by step')
    .argument('<ip>')
    .action((ip: string, _, command: Command) =>
      showTimelines(command, { ip }, true, ({ gateway }, query) =>
        gateway.oauthFlowsOf(pathPart(ip, '<ip>'), given(query)),
      ),
    );
  addCommand('oauth-user', 'Show the OAuth flows of a user, step by step')
    .argument('<username>')
    .action((username: string, _, command: Command) => {
      if (username === '') throw new CliError('<username> must not be empty', { exitCode: 2 });
      return showTimelines(command, { username }, false, ({ gateway }, query) =>
        gateway.oauthFlows(given({ ...query, username })),
      );
    });
  addCommand('oauth-flow', 'List OAuth flows: complete, failed or abandoned, and where')
    .option('--client-id <id>', 'Only of this client')
    .option('--username <id>', 'Only of this user')
    .option('--steps', 'Show them step by step')
    .action(async (flags: { clientId?: string; username?: string; steps?: boolean }, command: Command) => {
      const asked = { client_id: flags.clientId, username: flags.username };
      const read: ReadFlows = ({ gateway }, query) => gateway.oauthFlows(given({ ...query, ...asked }));
      if (flags.steps) return showTimelines(command, asked, false, read);
      const { context, query, style } = opened(command);
      const reply = await read(context, query);
      await print(context, reply.flows, () => flowList(reply.flows, style));
      await hintNone(context, reply, { ...query, ...asked });
    });

  function addCommand(name: string, description: string): Command {
    return program
      .command(name)
      .description(description)
      .option('--hours <hours>', 'Hours to look back. Default: 24')
      .option('--from <time>')
      .option('--to <time>')
      .option('--limit <count>', 'Newest flows to show. Default: 100')
      .option('--abandoned-after <seconds>', 'Without a step for so long a flow is abandoned. Default: 600');
  }

  function opened(command: Command): { context: Context; query: QueryParameters; style: FlowStyle } {
    const context = openContext(command);
    const { hours, from, to, limit, abandonedAfter, local, utc } = command.optsWithGlobals();
    const query = {
      hours,
      from: timeOf(command, from),
      to: timeOf(command, to),
      limit,
      abandoned_after_s: abandonedAfter,
    };
    const columns = Math.min(MAX_WIDTH, context.out.columns ?? DEFAULT_WIDTH);
    return {
      context,
      query,
      style: { palette: context.palette, zone: local && !utc ? 'local' : 'utc', columns },
    };
  }

  async function showTimelines(
    command: Command,
    asked: QueryParameters,
    isDetailed: boolean,
    read: ReadFlows,
  ): Promise<void> {
    const { context, query, style } = opened(command);
    const reply = await read(context, query);
    await print(context, reply.flows, () =>
      reply.flows.map((flow) => flowTimeline(flow, style, isDetailed)).join('\n'),
    );
    await hintNone(context, reply, { ...query, ...asked });
  }
}

/** Asks for flows by window, limit and what else a command fixes. */
type ReadFlows = (context: Context, query: QueryParameters) => Promise<OAuthFlowsReply>;

/** One JSON object a line, or text. */
async function print({ json, out }: Context, values: readonly unknown[], text: () => string): Promise<void> {
  await out.write(json ? values.map((value) => `${printableJson(value)}\n`).join('') : text());
}

async function hintNone(
  context: Context,
  { count, partial }: { readonly count: number; readonly partial: boolean },
  asked: QueryParameters,
): Promise<void> {
  if (partial) await hintPartial(context);
  else if (count === 0) await context.hint(nothingFound('OAuth flows', asked));
}

async function hintPartial({ hint }: Context): Promise<void> {
  await hint('too much to read it all: older flows are missing');
}

/** `..` and `.` would not survive URL parsing. */
function pathPart(value: string, name: string): string {
  if (/^\.{0,2}$/.test(value)) throw new CliError(`${name} must not be empty, . or ..`, { exitCode: 2 });
  return value;
}
