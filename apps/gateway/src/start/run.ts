import { launcherOf, readConfig } from '../config.js';
import { bannerOf, type Hint } from './banner.js';
import { startGateway } from './gateway.js';
import { endWithLauncher } from './launcher.js';

/** How a process that is a gateway is run. */
export interface RunOptions {
  /** The settings. @default the environment of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Commands to try, shown below where the gateway listens. */
  readonly hints: readonly Hint[];
}

/**
 * Ctrl-C reaches every process of the terminal, and the package manager above passes it on as well: signals so soon
 * after the first are the same wish.
 */
const SAME_WISH_MS = 1_000;

/**
 * Runs a gateway until SIGINT, SIGTERM or the end of the npx that launched it. The first signal ends it in good order, a
 * later one at once.
 *
 * @returns the exit code: 0 when it was ended, 1 when its embedded engine ended by itself.
 * @throws StartError when a setting makes it impossible; nothing is left running.
 */
export async function runGateway({ env, hints }: RunOptions): Promise<number> {
  const gateway = await startGateway(readConfig(env));
  return new Promise((endWith) => {
    onEndWish(env, async () => {
      await gateway.close();
      endWith(0);
    });
    process.stdout.write(`${bannerOf(gateway, hints)}\n`);
    void gateway.engineLost.then((reason) => {
      process.stderr.write(`tailrace gateway: ${reason}; its data is gone\n`);
      endWith(1);
    });
  });
}

function onEndWish(env: RunOptions['env'], end: () => Promise<void>): void {
  let endingSince: number | undefined;
  const wish = () => {
    if (endingSince === undefined) {
      endingSince = performance.now();
      void end();
    } else if (performance.now() - endingSince > SAME_WISH_MS) process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, wish);
  const launcher = launcherOf(env);
  if (launcher !== undefined) void endWithLauncher(launcher, wish);
}
