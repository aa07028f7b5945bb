import { Explore } from '../explore/explore.js';
import { Flows } from '../flows/flows.js';
import { Overview } from '../overview/overview.js';
import { isConnected, may, session, signOut } from '../state/session.js';
import { THEMES, type Theme, theme } from '../state/theme.js';
import { go, type Page, view } from '../state/view.js';
import { OverlayDialog } from './overlay-dialog.js';
import { overlay } from './shortcuts.js';
import { SignIn } from './sign-in.js';

const TITLES: readonly (readonly [Page, string])[] = [
  ['explore', 'Explore'],
  ['flows', 'OAuth flows'],
  ['overview', 'Overview'],
];

/** The page: its head, and one of its views. */
export function Shell() {
  const { page } = view.value;
  const mayRead = session.value === undefined || may('read');
  return (
    <>
      <header class="top">
        <span class="brand">Tailrace</span>
        {mayRead && (
          <nav aria-label="Views">
            {TITLES.map(([name, title]) => (
              <button
                key={name}
                type="button"
                {...(page === name && { 'aria-current': 'page' as const })}
                onClick={() => go({ page: name, open: undefined, live: false })}
              >
                {title}
              </button>
            ))}
          </nav>
        )}
        <span class="spacer" />
        <span class={isConnected.value ? 'connection' : 'connection off'} role="status">
          {isConnected.value ? '' : 'No connection'}
        </span>
        {mayRead && (
          <button
            type="button"
            class="quiet keys-button"
            aria-label="Ctrl K: commands"
            onClick={() => {
              overlay.value = 'palette';
            }}
          >
            <kbd>Ctrl K</kbd>
          </button>
        )}
        <label>
          <span class="off-screen">Theme</span>
          <select
            value={theme.value}
            onChange={({ currentTarget }) => {
              theme.value = currentTarget.value as Theme;
            }}
          >
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        {session.value?.needs_token && mayRead && (
          <button type="button" class="quiet" onClick={() => void signOut()}>
            Sign out
          </button>
        )}
      </header>
      {mayRead ? <Content page={page} /> : <SignIn />}
      <OverlayDialog />
    </>
  );
}

function Content({ page }: { readonly page: Page }) {
  if (page === 'flows') return <Flows />;
  return page === 'overview' ? <Overview /> : <Explore />;
}
