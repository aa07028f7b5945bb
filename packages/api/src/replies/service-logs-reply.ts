import { z } from 'zod';
import { serviceLogSchema } from '../entry/service-log-schema.js';
import { logsReplySchema } from './reply.js';

/** What `GET /api/logs` and `GET /api/search` reply. */
export const serviceLogsReplySchema = logsReplySchema.extend({
  logs: z.array(serviceLogSchema).describe('Oldest to newest'),
});

/** @see serviceLogsReplySchema */
export type ServiceLogsReply = z.output<typeof serviceLogsReplySchema>;
