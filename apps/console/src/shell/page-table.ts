import type { Page } from '../state/view.js';

/** Pages as the head of the console, its commands and its keys name them: `1` is the first. */
export const PAGE_TITLES: readonly (readonly [Page, string])[] = [
  ['explore', 'Explore'],
  ['errors', 'Errors'],
  ['patterns', 'Patterns'],
  ['flows', 'OAuth flows'],
  ['alerts', 'Alerts'],
  ['audit', 'Audit'],
  ['runs', 'Runs'],
  ['overview', 'Overview'],
];
