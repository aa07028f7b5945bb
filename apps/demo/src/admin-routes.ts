import type { DemoApp, DemoDeps } from './demo-env.js';
import { refuseUnknown } from './sessions.js';

/** Reports, which take their time, for administrators: admin.example.com. */
export function addAdminRoutes(app: DemoApp, { log, work, now }: DemoDeps): void {
  app.get('/reports/:month', async (c) => {
    const { session, fields } = c.var;
    if (session === undefined) return refuseUnknown(c);
    const month = c.req.param('month').slice(0, 7);
    if (session.account.role !== 'admin') {
      log.log_audit(`${session.account.id} was refused the report of ${month}`, {
        ...fields,
        component: 'reports',
        event: 'report.read',
        outcome: 'failure',
        objects: [`report-${month}`],
      });
      return c.json({ error: 'only administrators may' }, 403);
    }
    const started = now();
    await work(500, 2_200);
    log.log_info(`report of ${month} made`, {
      ...fields,
      component: 'reports',
      took_ms: Math.round(now() - started),
    });
    return c.json({ month, orders: 1_204, revenue_cents: 8_812_345 });
  });
}
