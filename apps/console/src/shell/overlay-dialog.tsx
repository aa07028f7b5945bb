import { useEffect, useRef } from 'preact/hooks';
import { Palette } from './palette.js';
import { KEYS, overlay } from './shortcuts.js';

/** What lies over the page: the commands, or the keys. */
export function OverlayDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = overlay.value;
  useEffect(() => {
    if (shown !== undefined && dialog.current?.open === false) dialog.current.showModal();
  }, [shown]);
  if (shown === undefined) return null;
  return (
    <dialog
      ref={dialog}
      class={shown}
      aria-label={shown === 'help' ? 'Keys' : 'Commands'}
      onClose={() => {
        overlay.value = undefined;
      }}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) overlay.value = undefined;
      }}
    >
      {shown === 'palette' ? (
        <Palette />
      ) : (
        <div class="keys">
          <h2>Keys</h2>
          <dl>
            {KEYS.map(([keys, what]) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <form method="dialog">
            <button type="submit">Close</button>
          </form>
        </div>
      )}
    </dialog>
  );
}
