/** Bytes of JSON in a page, past which it ends before its limit. */
export const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** Bytes of all pages that are made or being sent. Past that pages are short, down to one item. */
const MAX_HELD_PAGE_BYTES = 64 * 1024 * 1024;

/** Knows what all pages hold together. */
export interface PageRoom {
  /** Room of one page. */
  open(): PageSpace;
}

/** The room of one page. */
export interface PageSpace {
  /** Counts an item of the page. @returns whether there is room for more */
  readonly take: (json: string) => boolean;
  /** Call it when the page is sent, or its client is gone. */
  readonly release: () => void;
}

/** @see PageRoom */
export function createPageRoom(maxPageBytes = MAX_PAGE_BYTES, maxHeldBytes = MAX_HELD_PAGE_BYTES): PageRoom {
  let held = 0;
  return {
    open() {
      let size = 0;
      return {
        take(json) {
          const bytes = Buffer.byteLength(json);
          size += bytes;
          held += bytes;
          return size < maxPageBytes && held < maxHeldBytes;
        },
        release() {
          held -= size;
          size = 0;
        },
      };
    },
  };
}
