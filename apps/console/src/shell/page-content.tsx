import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Explore } from '../explore/explore.js';
import { Message } from '../explore/list-state.js';
import type { Page } from '../state/view.js';

/** How each page but the first is loaded: when somebody wants to see it. */
const LOADERS: Readonly<Record<Exclude<Page, 'explore'>, () => Promise<ComponentType>>> = {
  errors: async () => (await import('../groups/errors.js')).Errors,
  patterns: async () => (await import('../groups/patterns.js')).Patterns,
  alerts: async () => (await import('../alerts/alerts.js')).Alerts,
  audit: async () => (await import('../audit/audit.js')).Audit,
  runs: async () => (await import('../runs/runs.js')).Runs,
  flows: async () => {
    const [{ Flows }, { followFlows }] = await Promise.all([
      import('../flows/flows.js'),
      import('../flows/flows-state.js'),
    ]);
    followFlows();
    return Flows;
  },
  overview: async () => {
    const [{ Overview }, { followOverview }] = await Promise.all([
      import('../overview/overview.js'),
      import('../overview/overview-state.js'),
    ]);
    followOverview();
    return Overview;
  },
};

/** What is loaded: a page, or `failed`. */
const loaded = signal<Readonly<Partial<Record<Page, ComponentType | 'failed'>>>>({});
const loading = new Set<Page>();

/** One page of the console. */
export function PageContent({ page }: { readonly page: Page }) {
  useEffect(() => {
    if (page !== 'explore' && loaded.value[page] === undefined) void load(page);
  }, [page]);
  if (page === 'explore') return <Explore />;
  const Content = loaded.value[page];
  if (Content === undefined) return <main class="page-place" aria-busy="true" />;
  if (Content !== 'failed') return <Content />;
  return (
    <main class="page-place">
      <Message
        title="This page could not be loaded"
        text="The gateway does not answer, or it is another version than this page."
        tone="bad"
      >
        <button type="button" class="primary" onClick={() => void load(page)}>
          Try again
        </button>
        <button type="button" onClick={() => location.reload()}>
          Load the console anew
        </button>
      </Message>
    </main>
  );
}

async function load(page: Exclude<Page, 'explore'>): Promise<void> {
  if (loading.has(page)) return;
  loading.add(page);
  const content = await LOADERS[page]().catch(() => 'failed' as const);
  loading.delete(page);
  loaded.value = { ...loaded.value, [page]: content };
}
