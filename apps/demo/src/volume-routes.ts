import type { DemoApp, DemoContext, DemoDeps } from './demo-env.js';
import { refuseUnknown } from './sessions.js';

/** Attaching and detaching volumes of machines, by operators: api.example.com. */
export function addVolumeRoutes(app: DemoApp, { log, work }: DemoDeps): void {
  /** Volume to the machine it is attached to. */
  const attached = new Map<string, string>();

  app.put('/vms/:id/volumes/:vol', async (c) => {
    const { vm, volume } = targetOf(c);
    const refusal = refuse(c, vm, volume);
    if (refusal !== undefined) return refusal;
    await work(40, 160);
    const holder = attached.get(volume);
    if (holder !== undefined && holder !== vm) {
      audit(c, `${volume} not attached to ${vm}: ${holder} has it`, 'volume.attach', 'failure');
      return c.json({ error: `${volume} is attached to ${holder}` }, 409);
    }
    attached.set(volume, vm);
    audit(c, `${volume} attached to ${vm}`, 'volume.attach', 'success');
    return c.json({ vm, volume });
  });

  app.delete('/vms/:id/volumes/:vol', async (c) => {
    const { vm, volume } = targetOf(c);
    const refusal = refuse(c, vm, volume);
    if (refusal !== undefined) return refusal;
    await work(20, 90);
    if (attached.get(volume) !== vm) return c.json({ error: `${volume} is not attached to ${vm}` }, 404);
    attached.delete(volume);
    audit(c, `${volume} detached from ${vm}`, 'volume.detach', 'success');
    return c.body(null, 204);
  });

  function audit(c: DemoContext, message: string, event: string, outcome: 'success' | 'failure'): void {
    const { vm, volume } = targetOf(c);
    const own = { component: 'volumes', event, outcome, objects: [vm, volume] };
    log.log_audit(message, { ...c.var.fields, ...own });
  }
}

function targetOf(c: DemoContext): { readonly vm: string; readonly volume: string } {
  return { vm: `vm-${c.req.param('id')}`, volume: `vol-${c.req.param('vol')}` };
}

function refuse(c: DemoContext, vm: string, volume: string): Response | undefined {
  if (c.var.session === undefined) return refuseUnknown(c);
  if (c.var.session.account.role === 'customer') return c.json({ error: 'only operators may' }, 403);
  // There are a thousand of each, so `attached` cannot grow for ever.
  const isKnown = /^vm-\d{1,3}$/.test(vm) && /^vol-\d{1,3}$/.test(volume);
  return isKnown ? undefined : c.json({ error: 'there is no such machine or volume' }, 404);
}
