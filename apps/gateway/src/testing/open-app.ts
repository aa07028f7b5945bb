import { type ErrorReply, errorReplySchema } from '@tailrace/api';
import type { SearchRequest } from '@tailrace/query';
import type { EntryInput } from '@tailrace/schema';
import { expect } from 'vitest';
import { createApp, type GatewayDeps } from '../index.js';
import { fakeDeps } from './fake-deps.js';

/** What the clock of such an app says. */
export const NOW = Date.UTC(2024, 0, 15, 10, 30);

/** An app over nothing: it keeps what it was asked to search and to write. */
export function openApp(changes: Partial<GatewayDeps> = {}) {
  const searched: SearchRequest[] = [];
  const written: EntryInput[] = [];
  const reported: string[] = [];
  const { reader, writer, tail } = fakeDeps();
  const deps = fakeDeps({
    reader: {
      ...reader,
      search: (request) => {
        searched.push(request);
        return reader.search(request);
      },
    },
    writer: {
      ...writer,
      write: (entries) => {
        written.push(...entries);
        return writer.write(entries);
      },
    },
    tail: { ...tail, follow: () => Promise.reject(new Error('nobody follows')) },
    allowedHosts: [],
    report: (text) => reported.push(text),
    now: () => NOW,
    ...changes,
  });
  const app = createApp(deps);
  const post = (body: string, type = 'application/json') =>
    app.request('/logs', { method: 'POST', body, headers: { 'content-type': type } });
  return { app, post, searched, written, reported };
}

/** The error of a reply, which names its request. */
export async function errorOf(response: Response): Promise<ErrorReply['error'] & { status: number }> {
  const { error } = errorReplySchema.parse(await response.json());
  expect(error.request_id).toBe(response.headers.get('x-request-id'));
  return { ...error, status: response.status };
}
