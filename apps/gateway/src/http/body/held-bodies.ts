import { RequestError } from '../errors/request-error.js';
import { bodyTooLarge, decodedBody } from './decoded-body.js';
import type { BodyScan } from './json-scan.js';

/** Bytes a request's body may have, as it is sent and without its content coding. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** @default bytes of bodies held at once, of all clients together */
export const DEFAULT_MAX_HELD_BODY_BYTES = 64 * 1024 * 1024;

/** Seconds after which a client that was refused for want of room should ask again. */
const RETRY_AFTER_S = 1;

/** Reads the bodies of all requests, and knows how many bytes of them are held. */
export interface HeldBodies {
  /** For one request. */
  hold(): HeldBody;
  /** Bytes held now. */
  readonly bytes: number;
}

/** What is held of one request's body. */
export interface HeldBody {
  /**
   * Reads the body to its end, without its content coding.
   *
   * @param scan is shown all bytes as they come, and may refuse them
   * @throws RequestError when it is too large (found out without reading it all), or when all that is held is, or when its
   * content coding is not known here or not whole.
   */
  read(request: Request, scan?: BodyScan): Promise<Buffer>;
  /** Call it when the request is answered: until then what was made of the body is held as well. */
  release(): void;
}

/** @see HeldBodies */
export function createHeldBodies(maxBytes = DEFAULT_MAX_HELD_BODY_BYTES): HeldBodies {
  let held = 0;

  return {
    get bytes() {
      return held;
    },
    hold() {
      let size = 0;
      const release = () => {
        held -= size;
        size = 0;
      };
      return {
        release,
        async read(request, scan) {
          const chunks: Uint8Array[] = [];
          let refused: RequestError | undefined;
          let seen = 0;
          for await (const chunk of decodedBody(request, MAX_BODY_BYTES)) {
            seen += chunk.byteLength;
            if (seen > MAX_BODY_BYTES) throw refused ?? bodyTooLarge(MAX_BODY_BYTES);
            // The rest is read and let go: a connection that ends before its request does may lose the reply.
            if (refused !== undefined) continue;
            refused = held + chunk.byteLength > maxBytes ? noRoom(maxBytes) : scan?.(chunk);
            if (refused !== undefined) {
              chunks.length = 0;
              release();
              continue;
            }
            size += chunk.byteLength;
            held += chunk.byteLength;
            chunks.push(chunk);
          }
          if (refused !== undefined) throw refused;
          return Buffer.concat(chunks);
        },
      };
    },
  };
}

function noRoom(maxBytes: number): RequestError {
  const message = `the bodies of all requests together are too large now; allowed: ${maxBytes} bytes; try again soon`;
  return new RequestError('too_many_requests', message, undefined, { retryAfterS: RETRY_AFTER_S });
}
