import { useState } from 'preact/hooks';
import { client, troubleOf } from '../state/api.js';
import type { RulesReply } from './alerts-state.js';

interface ChannelTestProps {
  readonly channel: RulesReply['channels'][number];
  readonly mayTest: boolean;
}

/** A channel, and a button that sends a test over it. */
export function ChannelTest({ channel: { name, type }, mayTest }: ChannelTestProps) {
  const [said, say] = useState<{ readonly text: string; readonly isBad: boolean }>({
    text: '',
    isBad: false,
  });
  const send = async () => {
    say({ text: 'Sending…', isBad: false });
    try {
      const { delivered, error, ms } = await client.ask('POST /api/alerts/notify-test', {
        body: { channel: name },
      });
      say({ text: delivered ? `Taken after ${ms} ms` : (error ?? 'Not taken'), isBad: !delivered });
    } catch (error) {
      say({ text: troubleOf(error)?.message ?? '', isBad: true });
    }
  };
  return (
    <p class="channel">
      <b>{name}</b> <span class="hint">{type}</span>
      {mayTest && (
        <button type="button" aria-label={`Send a test over ${name}`} onClick={() => void send()}>
          Send a test
        </button>
      )}
      <output class={said.isBad ? 'bad' : 'good'}>{said.text}</output>
    </p>
  );
}
