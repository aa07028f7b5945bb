/**
 * The body of a reply as it comes, in every browser: Safari cannot iterate a `ReadableStream` itself. Whoever stops early ends
 * the request.
 */
export async function* bodyChunks({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Of a reply that was read to its end, or broke off, there is nothing to cancel.
    await reader.cancel().catch(() => undefined);
  }
}
