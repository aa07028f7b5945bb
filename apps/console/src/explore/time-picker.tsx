import { useRef, useState } from 'preact/hooks';
import { PRESETS, parseRange, rangeText } from '../state/time-range.js';
import { go, view } from '../state/view.js';

/** Which time is looked at: one of the usual, or what somebody types. */
export function TimePicker() {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { range } = view.value;
  const close = () => {
    setOpen(false);
    setWrong(false);
    button.current?.focus();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const given = parseRange(typed);
    setWrong(given === undefined);
    if (given === undefined) return;
    close();
    go({ range: given, live: false });
  };
  return (
    <div
      class="time-picker"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        type="button"
        ref={button}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        onClick={() => {
          setTyped('from' in range ? rangeText(range) : '');
          setOpen(!isOpen);
        }}
      >
        {rangeText(range)}
      </button>
      {isOpen && (
        <div class="popover" role="dialog" aria-label="Time">
          <div class="presets">
            {PRESETS.map(({ label, hours }) => (
              <button
                key={label}
                type="button"
                aria-pressed={'hours' in range && range.hours === hours}
                onClick={() => {
                  close();
                  go({ range: { hours } });
                }}
              >
                {`Last ${label}`}
              </button>
            ))}
          </div>
          <form onSubmit={submit}>
            <label for="time-typed">Or type it</label>
            <input
              id="time-typed"
              value={typed}
              autocomplete="off"
              aria-invalid={isWrong}
              aria-describedby="time-hint"
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
            <p id="time-hint" class={isWrong ? 'hint bad' : 'hint'}>
              {isWrong && 'Not understood. '}
              Such as <code>90m</code>, <code>3d</code>, <code>2026-11-20</code>,{' '}
              <code>2026-11-20 10:00 to 2026-11-20 11:30</code> or <code>around 2026-11-20 10:00</code>.
              Without an offset it is the time of this browser.
            </p>
            <button type="submit" class="primary">
              Show
            </button>
          </form>
        </div>
      )}
    </div>
  );
}
