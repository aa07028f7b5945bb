import { createHmac, randomBytes } from 'node:crypto';

/** 22 characters of base64url are 132 bits: enough that two values never meet by chance. */
const LENGTH = 22;
const HASHED = /^hmac:[\w-]{22}$/;

/** Replaces a value by one that is the same for the same value and tells nothing of it to who has not the key. */
export class KeyedHash {
  readonly #key: string | Uint8Array;

  /** @param key at least 16 bytes. @default random, the same throughout this process */
  constructor(key: string | Uint8Array = processKey()) {
    this.#key = key;
  }

  /** @param kind keeps values apart that are the same and mean something else */
  of(kind: string, value: string): string {
    const digest = createHmac('sha256', this.#key).update(`${kind}\0${value}`).digest('base64url');
    return `hmac:${digest.slice(0, LENGTH)}`;
  }
}

let ownKey: Uint8Array | undefined;

function processKey(): Uint8Array {
  ownKey ??= randomBytes(32);
  return ownKey;
}

/** Whether a text is such a hash already. */
export function isHashed(text: string): boolean {
  return HASHED.test(text);
}
