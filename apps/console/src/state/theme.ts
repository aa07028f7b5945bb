import { effect, signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'tailrace-theme';

export const theme = signal<Theme>(THEMES.find((one) => one === stored()) ?? 'system');
/** Grows when colours change, for what is drawn on a canvas. */
export const colourChanges = signal(0);

/** Puts the theme on the page, and keeps it in this browser. */
export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    try {
      localStorage.setItem(KEY, theme.value);
    } catch {
      // A browser that keeps nothing shows the theme all the same.
    }
    colourChanges.value = colourChanges.peek() + 1;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colourChanges.value += 1;
  });
}

/** A colour of the style sheet, as it is now. */
export function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
