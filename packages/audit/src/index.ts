export { jsonPatchOf, type PatchOperation } from './changes/json-patch.js';
export { changeText, type ValueChange, valueChanges } from './changes/value-changes.js';
export { type AuditEntry, auditEntryOf } from './entry/audit-entry.js';
export { type ValueHistory, type ValueStep, valueHistories } from './entry/value-history.js';
