import { partOf } from '../list-page/list-page.js';
import { AuditList } from './audit-list.js';
import { AUDIT_PARTS } from './audit-state.js';
import { Breakglass } from './breakglass.js';
import { EntityHistory } from './entity-history.js';

/** Who did what, what became of an entity, and who set a policy out of force. */
export function Audit() {
  const part = partOf(AUDIT_PARTS);
  if (part === 'history') return <EntityHistory />;
  return part === 'breakglass' ? <Breakglass /> : <AuditList />;
}
