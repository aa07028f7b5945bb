import { expect, test } from 'vitest';
import { bodyChunks } from './body-chunks.js';

/** A body that says when it was cancelled, and which nothing can iterate but its reader. */
function bodyOf(texts: readonly string[]) {
  const state = { cancelled: false };
  const left = [...texts];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(next));
    },
    cancel() {
      state.cancelled = true;
    },
  });
  Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
  return { response: { body: stream } as Response, state };
}

test('gives every chunk, also where a stream cannot be iterated', async () => {
  const { response, state } = bodyOf(['a', 'b', 'c']);
  const texts: string[] = [];
  for await (const chunk of bodyChunks(response)) texts.push(new TextDecoder().decode(chunk));
  expect({ texts, ...state }).toEqual({ texts: ['a', 'b', 'c'], cancelled: false });
});

test('ends the request when no more is taken', async () => {
  const { response, state } = bodyOf(['a', 'b', 'c']);
  for await (const chunk of bodyChunks(response)) {
    expect(new TextDecoder().decode(chunk)).toBe('a');
    break;
  }
  expect(state.cancelled).toBe(true);
});

test('passes on why a body broke off, and gives nothing of a reply without one', async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('cut')) });
  const read = async (response: Response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bodyChunks(response)) chunks.push(chunk);
    return chunks;
  };
  await expect(read({ body: broken } as unknown as Response)).rejects.toThrow('cut');
  expect(await read({ body: null } as Response)).toEqual([]);
});
