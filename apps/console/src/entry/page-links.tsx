import type { Entry } from '../state/api.js';
import { type Filter, phraseOf } from '../state/filters.js';
import { aroundFlow } from '../state/time-range.js';
import { goToPage, type Page, type View } from '../state/view.js';

type Link = readonly [label: string, page: Page, change: Partial<View>];

const MAX_PHRASE = 200;

/** Links from an entry to the pages that say more of it. */
export function PageLinks({ entry }: { readonly entry: Entry }) {
  const range = aroundFlow(Date.parse(entry.timestamp));
  return (
    <>
      {linksOf(entry).map(([label, page, change]) => (
        <button key={label} type="button" onClick={() => goToPage(page, { range, filters: [], ...change })}>
          {label}
        </button>
      ))}
    </>
  );
}

function linksOf(entry: Entry): Link[] {
  const { id, level, event, component, status_code: status, objects = [], error } = entry;
  const links: Link[] = [];
  if (event?.startsWith('oauth.')) links.push(['Its OAuth flow', 'flows', { open: id }]);
  if (level === 'ERROR' || level === 'CRITICAL' || (status ?? 0) >= 400)
    links.push(['Errors of its kind', 'errors', { filters: kindOf(entry), open: 'only' }]);
  links.push([`Patterns of ${component}`, 'patterns', { filters: [filterOf('component', component)] }]);
  const run = runOf(entry);
  if (run !== undefined) links.push(['Its run', 'runs', { open: run }]);
  if (level === 'AUDIT') {
    if (event === 'BREAKGLASS_ACTIVATED')
      links.push(['Breakglass', 'audit', { part: 'breakglass', open: id }]);
    else if (run === undefined || entry.data?.actor !== undefined)
      links.push(['As an audit entry', 'audit', { open: id }]);
    const entity = objects.find((one) => /^(?!run:)[^:]+:./.test(one));
    if (entity !== undefined)
      links.push([`History of ${entity.slice(0, 60)}`, 'audit', { part: 'history', of: entity }]);
  }
  if (error !== undefined || level === 'ERROR' || level === 'CRITICAL' || (status ?? 0) >= 500)
    links.push(['Alerts then', 'alerts', {}]);
  return links;
}

/** What entries of the same error have in common. */
function kindOf({ component, error, method, path, status_code: status }: Entry): Filter[] {
  if (error !== undefined) {
    const type = error.type.slice(0, MAX_PHRASE);
    return [filterOf('component', component), ...(type.trim() === '' ? [] : [filterOf('q', phraseOf(type))])];
  }
  if (method === undefined || path === undefined || status === undefined)
    return [filterOf('component', component)];
  return [
    filterOf('method', method),
    filterOf('path', path.replace(/\?.*$/s, '')),
    filterOf('status', String(status)),
  ];
}

function runOf({ data, objects = [] }: Entry): string | undefined {
  if (typeof data?.run_id === 'string' && data.run_id !== '') return data.run_id;
  return objects.find((one) => one.startsWith('run:'))?.slice(4);
}

function filterOf(name: string, value: string): Filter {
  return { name, value, not: false };
}
