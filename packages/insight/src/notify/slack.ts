import type { AddressCheck } from './addresses.js';
import { eventLines, filledTemplate } from './event-text.js';
import { post } from './http-post.js';
import type { Sender } from './sender.js';

/** @see slackSender */
export interface SlackOptions {
  readonly url: string;
  /** @default the event in lines */
  readonly template?: string | undefined;
  readonly mayConnect: AddressCheck;
}

/** Posts `{"text": …}`, as Slack's incoming webhooks take it, and Mattermost's, Rocket.Chat's and Discord's (`/slack`). */
export function slackSender({ url, template, mayConnect }: SlackOptions): Sender {
  return {
    send(event, { signal }) {
      const mark = event.status === 'resolved' ? ':white_check_mark:' : ':rotating_light:';
      const text =
        template === undefined
          ? `${mark} ${escapeSlack(eventLines(event).join('\n'))}`
          : filledTemplate(template, event, escapeSlack);
      return post({
        url,
        body: JSON.stringify({ text }),
        headers: { 'content-type': 'application/json' },
        mayConnect,
        signal,
      });
    },
  };
}

/** Text that mentions nobody and links nothing (Slack, "Formatting text for app surfaces"). */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
