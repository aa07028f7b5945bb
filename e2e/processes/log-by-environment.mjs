/** Logs what its argument says with the logger nobody configured, and prints JSON of what became of it. */
import { flush, log_info, stats } from '@tailrace/logger';

log_info(process.argv[2]);
await flush();
process.stdout.write(JSON.stringify(stats()));
