import type { IntakeEntry } from '@tailrace/intake';
import { OAUTH_EVENT_PREFIX, readOAuthRequest } from '@tailrace/schema';

/** A request to an OAuth endpoint as a step of a flow; any other entry as it is. */
export function asOAuthStep(entry: IntakeEntry): IntakeEntry {
  const { method, path, status_code, event, data } = entry;
  if (method === undefined || path === undefined || event !== undefined) return entry;
  const read = readOAuthRequest({ method, path, status_code });
  if (read === undefined) return entry;
  const { step, outcome, client_id, oauth } = read;
  return {
    ...entry,
    event: OAUTH_EVENT_PREFIX + step,
    outcome: entry.outcome ?? outcome,
    client_id: entry.client_id ?? client_id,
    data: { ...data, oauth },
  };
}
