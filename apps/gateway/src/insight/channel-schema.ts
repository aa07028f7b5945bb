import { z } from 'zod';

const NAME_RULE = 'must be 1 to 64 lower-case letters, digits, - and _, a letter or digit first';
const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const headers = z.record(z.string().regex(/^[\w-]{1,64}$/), z.string().max(1_000)).optional();

const template = z.string().max(10_000).optional();

/** How notifications reach people. Addresses and secrets stay in the file: they are neither stored nor replied. */
const channelSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('webhook'),
      url,
      secret: z.string().min(16, 'must be at least 16 characters').optional(),
      secret_file: z.string().optional(),
      headers,
    }),
    z.strictObject({ type: z.literal('slack'), url, template }),
    z.strictObject({
      type: z.literal('email'),
      smtp: z.url({ protocol: /^smtps?$/, error: 'must be an smtp or smtps URL' }),
      from: z.string().min(1),
      to: z.union([z.string(), z.array(z.string()).min(1).max(50)]),
      subject: z.string().max(500).optional(),
      template,
    }),
    z.strictObject({
      type: z.literal('command'),
      command: z.array(z.string()).min(1, 'must be a program and its arguments'),
    }),
    z.strictObject({
      type: z.literal('alertmanager'),
      url,
      labels: z.record(z.string(), z.string()).optional(),
      headers,
    }),
  ],
  'must have a type: webhook, slack, email, command or alertmanager',
);

export const channelsSchema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, NAME_RULE),
  channelSchema,
);

/** @see channelSchema */
export type Channel = z.output<typeof channelSchema>;
