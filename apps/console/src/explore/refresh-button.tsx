import { refresh } from '../state/question.js';

/** Asks anew for what the page shows. */
export function RefreshButton({ disabled = false }: { readonly disabled?: boolean }) {
  return (
    <button
      type="button"
      aria-label="Search again"
      title="Search again (r)"
      onClick={refresh}
      disabled={disabled}
    >
      ↻
    </button>
  );
}
