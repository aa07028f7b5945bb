// Logs operations and ordinary entries to a small audit file, and ends at once. Arguments: path, name, count.
import { configureLogger, log_audit, log_error, log_info } from '@tailrace/logger';

const [path, name, count] = process.argv.slice(2);
configureLogger({ auditFile: { path, maxBytes: 20_000, backups: 100 } });
for (let i = 0; i < Number(count); i++) {
  log_audit(`${name}.${i}`, { entity: { type: 'vm', id: i }, new_values: { text: '\n'.repeat(20) } });
  if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
log_info('not for the file');
log_error('not for the file');
process.exit(0);
