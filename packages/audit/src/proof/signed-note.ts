import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A key that signs, with its name (https://c2sp.org/signed-note). */
export interface NoteSigner {
  /** Without spaces and plus signs, such as `audit.example.com`. */
  readonly name: string;
  /** Of Ed25519. */
  readonly privateKey: KeyObject;
}

/** Signs a text. @param text ends with a line break @returns the text with its signature */
export function signNote(text: string, { name, privateKey }: NoteSigner): string {
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n— ${name} ${Buffer.concat([keyId(name, publicKey), signature]).toString('base64')}\n`;
}

/** The public key as text: `name+hash+base64`, which {@link openNote} takes. */
export function verifierKeyOf({ name, privateKey }: NoteSigner): string {
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  const key = Buffer.concat([ED25519, publicKey]).toString('base64');
  return `${name}+${keyId(name, publicKey).toString('hex')}+${key}`;
}

/** @returns the text of a note that this key signed; `undefined` for any other. @throws RangeError when the key is none. */
export function openNote(note: string, verifierKey: string): string | undefined {
  const [, name = '', hash = '', encoded = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([\w+/=]+)$/.exec(verifierKey.trim()) ?? [];
  const key = Buffer.from(encoded, 'base64');
  const publicKey = key.subarray(1);
  const isKey = key.length === 33 && key[0] === 1 && keyId(name, publicKey).toString('hex') === hash;
  if (!isKey)
    throw new RangeError('the public key is none; allowed: name+hash+base64, as audit keygen prints it');
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  for (const line of note.slice(end + 2).split('\n')) {
    const [, signer, signed = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = Buffer.from(signed, 'base64');
    if (signer !== name || bytes.subarray(0, 4).toString('hex') !== hash) continue;
    if (verify(null, Buffer.from(text), publicKeyOf(publicKey), bytes.subarray(4))) return text;
  }
  return undefined;
}

const ED25519 = Buffer.of(1);
/** What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410, section 4). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

function keyId(name: string, publicKey: Uint8Array): Buffer {
  return createHash('sha256').update(`${name}\n`).update(ED25519).update(publicKey).digest().subarray(0, 4);
}

function rawPublicKey(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519')
    throw new RangeError(`the key is ${key.asymmetricKeyType}; allowed: ed25519`);
  return key.export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD.length);
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
}
