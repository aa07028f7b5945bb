import type { Entry } from '@tailrace/schema';
import { entryJson } from './entry-json.js';

/** Bytes of entries in a page, as JSON, past which it ends before its limit. */
export const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** Bytes of all pages that are made or being sent. Past that pages are short, down to one entry. */
const MAX_HELD_PAGE_BYTES = 64 * 1024 * 1024;

/** Knows what all pages hold together. */
export interface PageRoom {
  /** Room of one page. @param maxBytes bytes of its entries */
  open(maxBytes?: number): PageSpace;
}

/** The room of one page. */
export interface PageSpace {
  /** Whether one more entry fits; it counts when it does. */
  readonly fits: (entry: Entry) => boolean;
  /** Call it when the page is sent, or its client is gone. */
  readonly release: () => void;
}

/** @see PageRoom */
export function createPageRoom(maxHeldBytes = MAX_HELD_PAGE_BYTES): PageRoom {
  let held = 0;
  return {
    open(maxBytes = MAX_PAGE_BYTES) {
      let size = 0;
      return {
        fits(entry) {
          const bytes = Buffer.byteLength(entryJson(entry));
          if (size > 0 && (size + bytes > maxBytes || held + bytes > maxHeldBytes)) return false;
          size += bytes;
          held += bytes;
          return true;
        },
        release() {
          held -= size;
          size = 0;
        },
      };
    },
  };
}
