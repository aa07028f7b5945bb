import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import type { Host, OpenContext } from '../context.js';

/** What opens a web address with the program its user chose for that. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const OTHER_OPENER = ['xdg-open'] as const;

/** Adds `open`: shows the gateway's page in the browser, and prints its address. */
export function addOpenCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('open')
    .description("Open the gateway's page in the browser, and print its address")
    .option('--print', 'Only print the address');
  command.action(async ({ print }: { print?: boolean }) => {
    const { host, gateway, out, hint } = openContext(command);
    await gateway.health();
    const address = await pageOf(gateway.address);
    await out.write(`${address}\n`);
    if (print || !out.isTerminal) return;
    if (!(await opened(address, host)))
      await hint('no browser could be opened here; open that address yourself');
  });
}

/** The console stands at `/`; a gateway without one describes its endpoints at `/docs`. */
async function pageOf(address: string): Promise<string> {
  const reply = await fetch(`${address}/`, { method: 'HEAD', redirect: 'manual' });
  return reply.ok ? `${address}/` : `${address}/docs`;
}

async function opened(address: string, { env }: Host): Promise<boolean> {
  const [opener, ...args] = OPENERS[process.platform] ?? OTHER_OPENER;
  const child = spawn(opener, [...args, address], { env, stdio: 'ignore' });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0;
  } catch {
    return false;
  }
}
