import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { AddressCheck } from './addresses.js';
import { DEFAULT_SUBJECT, eventLines, filledTemplate } from './event-text.js';
import { SendError, type Sender } from './sender.js';

/** @see emailSender */
export interface EmailOptions {
  /** `smtp://user:password@host:587`; `smtps://` speaks TLS from the first byte on. */
  readonly smtp: string;
  readonly from: string;
  readonly to: readonly string[];
  /** A template. @default {@link DEFAULT_SUBJECT} */
  readonly subject?: string | undefined;
  /** A template. @default the event in lines */
  readonly template?: string | undefined;
  readonly mayConnect: AddressCheck;
}

const TIMEOUT_MS = 10_000;
const MAX_SUBJECT = 200;

/** Sends mail by SMTP, with STARTTLS where the server offers it. The Message-ID is the event's id. */
export function emailSender({ smtp, from, to, subject, template, mayConnect }: EmailOptions): Sender {
  return {
    async send(event) {
      const url = new URL(smtp);
      const isSecure = url.protocol === 'smtps:';
      const hostname = url.hostname.replace(/^\[|\]$/g, '');
      const auth =
        url.username === ''
          ? undefined
          : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
      const transport = createTransport({
        host: await addressOf(hostname, mayConnect),
        port: Number(url.port) || (isSecure ? 465 : 587),
        secure: isSecure,
        tls: { servername: isIP(hostname) === 0 ? hostname : '' },
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(auth && { auth }),
      });
      try {
        const { rejected } = await transport.sendMail({
          from,
          to: [...to],
          subject: oneLine(filledTemplate(subject ?? DEFAULT_SUBJECT, event)),
          text: template === undefined ? eventLines(event).join('\n') : filledTemplate(template, event),
          messageId: `<${event.id}@tailrace>`,
          headers: { 'X-Tailrace-Alert': oneLine(event.alert), 'Auto-Submitted': 'auto-generated' },
        });
        if (rejected.length > 0)
          throw new SendError(`the server refused ${rejected.length} of ${to.length} addresses`);
      } finally {
        transport.close();
      }
    },
  };
}

async function addressOf(hostname: string, mayConnect: AddressCheck): Promise<string> {
  const found = await lookup(hostname, { all: true });
  const address = found.find((one) => mayConnect(one.address))?.address;
  if (address !== undefined) return address;
  throw new SendError(
    `${hostname} has private addresses only; allowed: public ones, and those in ALERT_ALLOWED_ADDRESSES`,
  );
}

function oneLine(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, MAX_SUBJECT);
}
