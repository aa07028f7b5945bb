import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { printable, printableJson } from '../print/printable.js';
import { type AlertsStyle, alertsText, rulesText, testText } from './alerts-text.js';

/** Adds `alerts`: what is wrong now, the rules that say so, and what can be done about it. */
export function addAlertsCommand(program: Command, openContext: OpenContext): void {
  const alerts = program.command('alerts').description('Show alerts and their rules, try rules and channels');
  addStatus(alerts, openContext);
  addRules(alerts, openContext);
  addTest(alerts, openContext);
  addNotifyTest(alerts, openContext);
  addResolve(alerts, openContext);
  addSilence(alerts, openContext);
}

function addStatus(alerts: Command, openContext: OpenContext): void {
  const command = alerts
    .command('status', { isDefault: true })
    .description('Show what is pending and firing, and what happened before')
    .option('--rule <id>', 'Only of this rule')
    .option('--limit <count>', 'Events of the history. Default: 20', '20');
  command.action(async ({ rule, limit }: { rule?: string; limit: string }) => {
    const context = openContext(command);
    const reply = await context.gateway.ask('GET /api/alerts', { query: { limit, ...(rule && { rule }) } });
    await show(context, reply, (style) => alertsText(reply, style));
  });
}

function addRules(alerts: Command, openContext: OpenContext): void {
  const command = alerts.command('rules').description('Show the rules, and where each stands');
  command.action(async () => {
    const context = openContext(command);
    const reply = await context.gateway.ask('GET /api/alerts/rules');
    await show(context, reply, (style) => rulesText(reply, style));
  });
}

function addTest(alerts: Command, openContext: OpenContext): void {
  const command = alerts
    .command('test')
    .description('Say when a rule would have fired; notifies nobody')
    .argument('<rule>', 'the id of a rule')
    .option('--hours <hours>', 'Hours to look back. Default: 24', '24');
  command.action(async (rule: string, { hours }: { hours: string }) => {
    const context = openContext(command);
    const given = Number(hours);
    if (!(given > 0))
      throw new CliError(`--hours is ${printable(hours)}; allowed: a number above 0`, { exitCode: 2 });
    const reply = await context.gateway.ask('POST /api/alerts/test', { body: { rule, hours: given } });
    await show(context, reply, (style) => testText(reply, style));
  });
}

function addNotifyTest(alerts: Command, openContext: OpenContext): void {
  const command = alerts
    .command('notify-test')
    .description('Send a test over a channel')
    .argument('<channel>', 'the name of a channel');
  command.action(async (channel: string) => {
    const context = openContext(command);
    const reply = await context.gateway.ask('POST /api/alerts/notify-test', { body: { channel } });
    const { delivered, error, ms } = reply;
    await show(context, reply, () => (delivered ? `${printable(channel)} took it within ${ms} ms\n` : ''));
    if (!delivered) throw new CliError(`${printable(channel)} did not take it: ${printable(error ?? '')}`);
  });
}

function addResolve(alerts: Command, openContext: OpenContext): void {
  const command = alerts
    .command('resolve')
    .description('Resolve an alert that fires; it begins anew only after it was right')
    .argument('<alert>', 'the id of an alert')
    .option('--reason <text>', 'Why, for the history');
  command.action(async (id: string, { reason }: { reason?: string }) => {
    const context = openContext(command);
    const reply = await context.gateway.ask('POST /api/alerts/{id}/resolve', {
      path: { id },
      body: { ...(reason && { reason }) },
    });
    await show(context, reply, () => `${printable(id)} is resolved\n`);
  });
}

function addSilence(alerts: Command, openContext: OpenContext): void {
  const command = alerts
    .command('silence')
    .description('Tell nobody of an alert for a while')
    .argument('<alert>', 'the id of an alert')
    .option('--for <duration>', 'How long, such as 30m or 8h; 0s ends the silence. Default: 1h', '1h')
    .option('--rule', 'All alerts of its rule')
    .option('--reason <text>', 'Why');
  command.action(async (id: string, options: { for: string; rule?: true; reason?: string }) => {
    const context = openContext(command);
    const reply = await context.gateway.ask('POST /api/alerts/{id}/silence', {
      path: { id },
      body: {
        for: options.for,
        scope: options.rule ? 'rule' : 'alert',
        ...(options.reason && { reason: options.reason }),
      },
    });
    const until = reply.alert.silenced_until;
    await show(
      context,
      reply,
      () => `${printable(id)} ${until === null ? 'is told again' : `is silenced until ${until}`}\n`,
    );
  });
}

async function show(context: Context, reply: unknown, text: (style: AlertsStyle) => string): Promise<void> {
  const { json, out, palette } = context;
  await out.write(json ? `${printableJson(reply)}\n` : text({ palette, zone: context.zone }));
}
