/** Somebody who can sign in. */
export interface Account {
  readonly id: string;
  readonly role: 'customer' | 'operator' | 'admin';
}

/** Everybody's password here: the demo keeps nothing worth protecting and answers on loopback only. */
export const DEMO_PASSWORD = 'correct-horse-battery-staple';

export const CUSTOMERS = Array.from({ length: 24 }, (_, i) => `user-${101 + i}`);
export const OPERATORS = ['svc-backup', 'svc-deploy'];
export const ADMINS = ['admin-1', 'admin-2'];

const ACCOUNTS: ReadonlyMap<string, Account> = new Map([
  ...accountsOf('customer', CUSTOMERS),
  ...accountsOf('operator', OPERATORS),
  ...accountsOf('admin', ADMINS),
]);

export function findAccount(id: string): Account | undefined {
  return ACCOUNTS.get(id);
}

/** @returns the account, `undefined` when there is none or the password is wrong. */
export function checkPassword(id: unknown, password: unknown): Account | undefined {
  return typeof id === 'string' && password === DEMO_PASSWORD ? findAccount(id) : undefined;
}

function accountsOf(role: Account['role'], ids: readonly string[]): (readonly [string, Account])[] {
  return ids.map((id) => [id, { id, role }]);
}
