import type { Flow, Step } from './flows-state.js';

/** Who takes part in a flow, from left to right: RFC 6749, section 1.1. */
export const PARTIES = ['browser', 'client', 'provider', 'resource server'] as const;
export type Party = (typeof PARTIES)[number];

/** From whom to whom each step goes. */
const WAY: Readonly<Record<string, readonly [Party, Party]>> = {
  par: ['client', 'provider'],
  authorize: ['browser', 'provider'],
  login: ['browser', 'provider'],
  consent: ['browser', 'provider'],
  callback: ['browser', 'client'],
  device: ['client', 'provider'],
  token: ['client', 'provider'],
  refresh: ['client', 'provider'],
  introspect: ['resource server', 'provider'],
  userinfo: ['client', 'provider'],
  validate: ['client', 'resource server'],
  revoke: ['client', 'provider'],
  register: ['client', 'provider'],
  logout: ['browser', 'provider'],
};

/** The way of a step; of one with a name of its own, the way from client to provider. */
export function wayOf({ step, outcome }: Step): readonly [Party, Party] {
  // The provider sends the browser back with the code.
  if (step === 'authorize' && outcome !== undefined) return ['provider', 'browser'];
  return WAY[step] ?? ['client', 'provider'];
}

/** The step that failed, as the diagnosis says it, or else the last that did. */
export function failingStep({ state, diagnosis, steps }: Flow): string | undefined {
  if (diagnosis?.step_id != null) return diagnosis.step_id;
  return state === 'failed' ? steps.findLast(({ outcome }) => outcome === 'failure')?.id : undefined;
}
