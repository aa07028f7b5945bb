import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PopoverButtonProps {
  readonly label: string;
  readonly class?: string;
  /** Called when it opens. */
  readonly opened?: () => void;
  /** What it holds while it is open. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that opens something below it; Esc, a click elsewhere, or what it holds closes it. */
export function PopoverButton({ label, class: name = '', opened, children }: PopoverButtonProps) {
  const isOpen = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    isOpen.value = false;
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen.value) return;
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && place.current?.contains(target) === false) isOpen.value = false;
    };
    addEventListener('pointerdown', closeOutside);
    return () => removeEventListener('pointerdown', closeOutside);
  }, [isOpen.value]);
  return (
    <div
      class={`popover-place ${name}`}
      ref={place}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen.value) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        type="button"
        ref={button}
        aria-expanded={isOpen.value}
        aria-haspopup="dialog"
        onClick={() => {
          isOpen.value = !isOpen.value;
          if (isOpen.value) opened?.();
        }}
      >
        {label}
      </button>
      {isOpen.value && (
        <div class="popover" role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
