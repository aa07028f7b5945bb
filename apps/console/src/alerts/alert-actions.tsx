import { useState } from 'preact/hooks';
import { PopoverButton } from '../shell/popover-button.js';
import { client, troubleOf } from '../state/api.js';
import { refresh } from '../state/question.js';
import type { Alert } from './alerts-state.js';

const SPANS = [
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['1d', '1 day'],
  ['7d', '7 days'],
] as const;

/** What an admin may do with an alert: tell nobody of it for a while, or say that it is over. */
export function AlertActions({ alert }: { readonly alert: Alert }) {
  const [said, say] = useState<{ readonly text: string; readonly isBad: boolean }>({
    text: '',
    isBad: false,
  });
  const act = async (call: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await call();
      say({ text: done, isBad: false });
      refresh();
    } catch (error) {
      say({ text: troubleOf(error)?.message ?? '', isBad: true });
    }
  };
  const path = { id: alert.id };
  return (
    <div class="buttons alert-actions">
      <PopoverButton label="Silence">
        {(close) => (
          <SilenceForm
            silence={({ span, scope, reason }) => {
              close();
              void act(
                () =>
                  client.ask('POST /api/alerts/{id}/silence', {
                    path,
                    body: { for: span, scope, ...(reason !== '' && { reason }) },
                  }),
                'Silenced: nobody is told of it',
              );
            }}
          />
        )}
      </PopoverButton>
      {alert.silenced_until !== null && (
        <button
          type="button"
          onClick={() =>
            void act(async () => {
              for (const scope of ['alert', 'rule'] as const) {
                await client.ask('POST /api/alerts/{id}/silence', { path, body: { for: '0s', scope } });
              }
            }, 'The silence is over')
          }
        >
          End the silence
        </button>
      )}
      {alert.status === 'firing' && (
        <PopoverButton label="Resolve">
          {(close) => (
            <ResolveForm
              resolve={(reason) => {
                close();
                void act(
                  () =>
                    client.ask('POST /api/alerts/{id}/resolve', {
                      path,
                      body: reason === '' ? {} : { reason },
                    }),
                  'Resolved: it begins anew only after it was right',
                );
              }}
            />
          )}
        </PopoverButton>
      )}
      <output class={said.isBad ? 'bad' : 'good'}>{said.text}</output>
    </div>
  );
}

interface Silence {
  readonly span: string;
  readonly scope: 'alert' | 'rule';
  readonly reason: string;
}

function SilenceForm({ silence }: { readonly silence: (chosen: Silence) => void }) {
  const [span, setSpan] = useState<string>(SPANS[0][0]);
  const [scope, setScope] = useState<Silence['scope']>('alert');
  const [reason, setReason] = useState('');
  return (
    <form
      class="popover-form"
      onSubmit={(event) => {
        event.preventDefault();
        silence({ span, scope, reason: reason.trim() });
      }}
    >
      <label>
        For
        <select value={span} onChange={({ currentTarget }) => setSpan(currentTarget.value)}>
          {SPANS.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Which
        <select
          value={scope}
          onChange={({ currentTarget }) => setScope(currentTarget.value as Silence['scope'])}
        >
          <option value="alert">This alert</option>
          <option value="rule">All of its rule</option>
        </select>
      </label>
      <label>
        Reason
        <input
          maxLength={500}
          autocomplete="off"
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Tell nobody
      </button>
    </form>
  );
}

function ResolveForm({ resolve }: { readonly resolve: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  return (
    <form
      class="popover-form"
      onSubmit={(event) => {
        event.preventDefault();
        resolve(reason.trim());
      }}
    >
      <label>
        Reason
        <input
          maxLength={500}
          autocomplete="off"
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        It is resolved
      </button>
    </form>
  );
}
