import { readFileSync } from 'node:fs';
import {
  addressCheck,
  alertmanagerSender,
  commandSender,
  emailSender,
  type Sender,
  slackSender,
  webhookSender,
} from '@tailrace/insight';
import type { AddressList } from '../http/auth/address-list.js';
import type { Channel } from './channel-schema.js';

type Channels = ReadonlyMap<string, Channel>;

/** Makes the function that knows how each channel is served, also when the channels change. */
export function createSenders(
  channels: () => Channels,
  allowedAddresses: AddressList,
): () => ReadonlyMap<string, Sender> {
  const mayConnect = addressCheck(allowedAddresses);
  let made: Channels | undefined;
  let senders: ReadonlyMap<string, Sender> = new Map();
  return () => {
    const now = channels();
    if (now !== made) {
      senders = new Map([...now].map(([name, channel]) => [name, senderOf(channel, mayConnect)]));
      made = now;
    }
    return senders;
  };
}

function senderOf(channel: Channel, mayConnect: AddressList): Sender {
  switch (channel.type) {
    case 'webhook': {
      const { url, headers, secret_file: path } = channel;
      // It is read at each attempt: a secret that is changed counts at once.
      const secretNow = () => (path === undefined ? channel.secret : readFileSync(path, 'utf8').trim());
      return {
        send: async (event, options) =>
          webhookSender({ url, secret: secretNow(), headers, mayConnect }).send(event, options),
      };
    }
    case 'slack':
      return slackSender({ ...channel, mayConnect });
    case 'email':
      return emailSender({ ...channel, to: [channel.to].flat(), mayConnect });
    case 'command':
      return commandSender(channel);
    case 'alertmanager':
      return alertmanagerSender({ ...channel, mayConnect });
  }
}
