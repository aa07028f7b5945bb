export { jsonPatchOf, type PatchOperation } from './changes/json-patch.js';
export { changeText, type ValueChange, valueChanges } from './changes/value-changes.js';
export { type AuditEntry, auditEntryOf } from './entry/audit-entry.js';
export { type ValueHistory, type ValueStep, valueHistories } from './entry/value-history.js';
export { adoptUnproven } from './log/adopt-unproven.js';
export { type Appender, type AppenderOptions, createAppender } from './log/appender.js';
export { type Checkpoint, readCheckpoint } from './log/checkpoint.js';
export type { LogFinding } from './log/findings.js';
export { entryHash, hashOfLeaf, type Leaf, timeOfId } from './log/leaf.js';
export { openProofFolder, type ProofFolder } from './log/proof-folder.js';
export { createProofStore, type ProofState, type ProofStore } from './log/proof-store.js';
export { TreeGrowth } from './log/tree-growth.js';
export { CLEARED_EVENT, type LogVerification, type VerifyOptions, verifyLog } from './log/verify-log.js';
export { isIncluded, leafHash, type MerkleTree, merkleTree } from './proof/merkle-tree.js';
export {
  checkProofLines,
  type ProofFinding,
  type ProofResult,
  type ProofWindow,
  type ProvenEntry,
  proofLines,
} from './proof/proof-file.js';
export { type NoteSigner, openNote, signNote, verifierKeyOf } from './proof/signed-note.js';
export {
  mongoLine,
  POSTGRES_END,
  POSTGRES_HEAD,
  postgresLine,
  RECORD_COLUMNS,
  recordCells,
} from './records/database-import.js';
export { type FileRecord, fitsFilter, type RecordFilter, readFileRecord } from './records/operation-line.js';
export { createRecordStatistics, type RecordStatistics } from './records/record-statistics.js';
export { type Breakglass, readBreakglass } from './runs/breakglass.js';
export {
  COST_GROUPS,
  type CostGroup,
  type CostItem,
  type CostReport,
  createCostReport,
} from './runs/cost-report.js';
export { type RunMoment, type RunSummary, runOf, runTimeline, summarizeRun } from './runs/run-timeline.js';
