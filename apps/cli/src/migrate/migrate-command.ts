import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Host } from '../context.js';
import { printable } from '../print/printable.js';

/** Adds `migrate`: copies live entries from one Redis to another. It asks no gateway, and loads what it needs only then. */
export function addMigrateCommand(program: Command, host: Host): void {
  program
    .command('migrate')
    .description(
      'Copy live entries from one Redis, Sentinel group or Cluster to another, while loggers go on',
    )
    .argument('<from>', 'URL of what there is, as REDIS_URL has it')
    .argument('<to>', 'URL of where it is to be')
    .option('--from-prefix <prefix>', 'Key prefix there is. Default: KEY_PREFIX, else none')
    .option('--to-prefix <prefix>', 'Key prefix it is to have. Default: KEY_PREFIX, else none')
    .addHelpText(
      'after',
      '\nIt can be ended and run again at any time. docs/cluster.md has the order of steps.',
    )
    .action(async (from: string, to: string, flags: { fromPrefix?: string; toPrefix?: string }) => {
      const { migrate, readConfig, StartError } = await import('@tailrace/gateway');
      const { redactRedisUrl, StoreError } = await import('@tailrace/redis');
      try {
        const prefix = host.env.KEY_PREFIX ?? '';
        const { retentionDays } = readConfig({ LOG_RETENTION_DAYS: host.env.LOG_RETENTION_DAYS });
        const { fromPrefix = prefix, toPrefix = prefix } = flags;
        if (from === to && fromPrefix === toPrefix)
          throw new CliError(`from and to are both ${redactRedisUrl(from)}; allowed: two places`);
        const report = (text: string) => void host.stderr.write(`tailrace: ${printable(text)}\n`);
        const sums = { copied: 0, expired: 0, looked: 0, isWhole: false, pass: 0 };
        for await (const { pass, looked, copied, expired, isWhole } of migrate({
          from,
          to,
          fromPrefix,
          toPrefix,
          retentionDays,
          report,
        })) {
          if (!isWhole) continue;
          sums.copied += copied;
          Object.assign(sums, { expired, looked, pass, isWhole: copied === 0 });
          host.stdout.write(
            `pass ${pass}: ${looked} entries, ${copied} copied, ${looked - copied - expired} there already\n`,
          );
        }
        if (!sums.isWhole)
          throw new CliError(
            'loggers still write to the source; stop them, or move them, and run this again',
          );
        const left = sums.expired > 0 ? `, ${sums.expired} past their retention` : '';
        host.stdout.write(
          `whole: ${sums.looked} entries are in the target, ${sums.copied} copied now${left}\n`,
        );
      } catch (error) {
        if (error instanceof StartError || error instanceof StoreError || error instanceof RangeError)
          throw new CliError(error.message, { cause: error });
        throw error;
      }
    });
}
