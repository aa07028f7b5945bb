import { signal } from '@preact/signals';
import { shownRows } from '../explore/explore.js';
import { searchInput } from '../explore/search-bar.js';
import type { Form } from '../state/columns.js';
import { refresh } from '../state/question.js';
import { go, goToPage, view } from '../state/view.js';
import { PAGE_TITLES } from './page-table.js';

export const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Search'],
  ['j, k', 'Next, previous entry, or whatever the page lists'],
  ['Enter', 'Open the first entry'],
  ['Esc', 'Close'],
  ['l', 'Live on and off'],
  ['w', 'Wrap messages, or one line each'],
  ['t', 'Table, or one line each'],
  ['r', 'Search again'],
  [`1 to ${PAGE_TITLES.length}`, 'The pages, from left to right'],
  ['Ctrl K', 'Commands'],
  ['?', 'These keys'],
];

/** What lies over the page. */
export const overlay = signal<'help' | 'palette' | undefined>(undefined);

/** Takes the keys of the page, but not those typed into a field. */
export function followKeys(): void {
  addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      overlay.value = overlay.value === 'palette' ? undefined : 'palette';
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null) return;
    const act = ACTIONS[event.key];
    if (act === undefined) return;
    if (
      event.key === 'Enter' &&
      target instanceof HTMLElement &&
      target.closest('button, a, summary') !== null
    )
      return;
    event.preventDefault();
    act();
  });
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  '/': () => searchInput.value?.focus(),
  j: () => move(1),
  k: () => move(-1),
  Enter: () => {
    if (view.value.open === undefined) move(1);
  },
  Escape: () => {
    if (overlay.value !== undefined) overlay.value = undefined;
    else if (view.value.open !== undefined) go({ open: undefined }, { replace: true });
  },
  l: () => {
    if (view.value.page === 'explore') go({ live: !view.value.live });
  },
  w: () => showAs('wrap'),
  t: () => showAs('table'),
  r: refresh,
  ...Object.fromEntries(PAGE_TITLES.map(([page], i) => [String(i + 1), () => goToPage(page)])),
  '?': () => {
    overlay.value = 'help';
  },
};

function showAs(form: Form): void {
  if (view.value.page !== 'explore') return;
  go({ form: view.value.form === form ? 'line' : form }, { replace: true });
}

function move(step: number): void {
  if (view.value.page !== 'explore') {
    moveAmongItems(step);
    return;
  }
  const ids = shownRows().flatMap(({ entry }) => (entry === undefined ? [] : [entry.id]));
  const at = view.value.open === undefined ? -1 : ids.indexOf(view.value.open);
  const next = ids[Math.max(0, Math.min(ids.length - 1, at + step))];
  if (next !== undefined) go({ open: next }, { replace: view.value.open !== undefined });
}

/** Opens the next item of a page that lists some. */
function moveAmongItems(step: number): void {
  const items = [...document.querySelectorAll<HTMLButtonElement>('button.item')];
  const at = items.findIndex((item) => item.getAttribute('aria-pressed') === 'true');
  const next = items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + step))];
  next?.click();
  next?.focus();
}
