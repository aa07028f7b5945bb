import { isConnected, may, session, signOut } from '../state/session.js';
import { THEMES, type Theme, theme } from '../state/theme.js';
import { goToPage, view } from '../state/view.js';
import { OverlayDialog } from './overlay-dialog.js';
import { PageContent } from './page-content.js';
import { PAGE_TITLES } from './page-table.js';
import { overlay } from './shortcuts.js';
import { SignIn } from './sign-in.js';

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
            {PAGE_TITLES.map(([name, title]) => (
              <button
                key={name}
                type="button"
                {...(page === name && { 'aria-current': 'page' as const })}
                onClick={() => goToPage(name)}
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
      {mayRead ? <PageContent page={page} /> : <SignIn />}
      <OverlayDialog />
    </>
  );
}
