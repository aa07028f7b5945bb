/**
 * How commands are typed where this program is: installed beside others in `node_modules`, or in its own repository.
 * Hints print them, and must work as pasted.
 */
export interface Installation {
  /** What stands before a command: `npx tailrace`. */
  readonly tailrace: string;
  /** Starts a gateway. */
  readonly serve: string;
}

const INSTALLED: Installation = { tailrace: 'npx tailrace', serve: 'npx tailrace serve' };
const IN_REPOSITORY: Installation = { tailrace: 'npx -y pnpm@10 tailrace', serve: 'npx -y pnpm@10 start' };

/** @param moduleUrl where this program was loaded from, links resolved, as Node does */
export function installationAt(moduleUrl: string): Installation {
  return moduleUrl.includes('/node_modules/') ? INSTALLED : IN_REPOSITORY;
}

/** Of this program. */
export const INSTALLATION: Installation = installationAt(import.meta.url);
