import { generateKeyPairSync } from 'node:crypto';
import { canonicalJson } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkProofLines,
  isIncluded,
  leafHash,
  merkleTree,
  openNote,
  proofLines,
  verifierKeyOf,
} from '../index.js';

const signer = { name: 'audit.example', privateKey: generateKeyPairSync('ed25519').privateKey };
const key = verifierKeyOf(signer);
const WINDOW = { from: '2024-01-01T00:00:00.000Z', to: '2024-02-01T00:00:00.000Z' };
const linesOf = (count: number) => [
  ...proofLines(
    Array.from({ length: count }, (_, i) =>
      JSON.stringify({ id: `log:${i}`, timestamp: i, data: { b: [i], a: null } }),
    ),
    signer,
    WINDOW,
  ),
];
const namedIn = async (lines: readonly string[]) =>
  (await checkProofLines(lines, key)).findings.map(({ kind, index }) => [kind, index]);

describe('the parts of a proof', () => {
  test('canonical JSON is that of RFC 8785', () => {
    const value = JSON.parse(
      '{"\\u20ac":"Euro","\\r":"CR","1":"One","\\ud83d\\ude00":"S","\\ufb33":"D","n":[1e30,4.50,0.002,1E-27]}',
    );
    expect(canonicalJson(value)).toBe(
      '{"\\r":"CR","1":"One","n":[1e+30,4.5,0.002,1e-27],"\u20ac":"Euro","\ud83d\ude00":"S","\ufb33":"D"}',
    );
  });

  test('the tree has the roots of the test vectors of Certificate Transparency', () => {
    const inputs = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const leaves = inputs.map((input) => leafHash(Buffer.from(input, 'hex')));
    const rootOf = (count: number) => merkleTree(leaves.slice(0, count)).root.toString('hex');
    expect(rootOf(1)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(rootOf(8)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('a leaf is proven at its place and nowhere else', () => {
    for (let size = 1; size <= 33; size++) {
      const leaves = Array.from({ length: size }, (_, i) => leafHash(String(i)));
      const { root, proofOf } = merkleTree(leaves);
      for (const [i, leaf] of leaves.entries()) {
        for (let k = 0; k < size; k++) expect(isIncluded(leaf, k, proofOf(i), { size, root })).toBe(i === k);
      }
    }
  });

  test('a note of another implementation is opened (the example of Go’s sumdb/note)', () => {
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const signature =
      '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
    const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(openNote(`${text}\n${signature}\n`, peter)).toBe(text);
    expect(openNote(`x${text}\n${signature}\n`, peter)).toBeUndefined();
    expect(() => openNote(text, 'PeterNeumann+c74f20a3+AAAA')).toThrow('allowed: name+hash+base64');
  });
});

describe('a proof file', () => {
  test('is proven by the public key alone', async () => {
    expect(await checkProofLines(linesOf(9), key)).toMatchObject({ findings: [], size: 9, window: WINDOW });
    expect(await namedIn(linesOf(0))).toEqual([]);
    const other = verifierKeyOf({ ...signer, privateKey: generateKeyPairSync('ed25519').privateKey });
    expect((await checkProofLines(linesOf(2), other)).findings).toMatchObject([{ kind: 'checkpoint' }]);
    expect(await namedIn([])).toEqual([['checkpoint', undefined]]);
  });

  test('every single edit, drop, swap, truncation and insertion is found and named', async () => {
    const place = fc.nat();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), place, place, async (count, a, b) => {
        const lines = linesOf(count);
        const [i, k] = [a % count, b % count].sort((x, y) => x - y) as [number, number];
        const edited = lines.with(
          i + 1,
          (lines[i + 1] as string).replace(`"timestamp":${i},`, `"timestamp":${i + 7},`),
        );
        expect(await namedIn(edited)).toEqual([['changed', i]]);
        expect(await namedIn(lines.with(i + 1, 'no JSON'))).toEqual([['changed', i]]);
        expect(await namedIn(lines.toSpliced(i + 1, 1))).toEqual([['removed', i]]);
        const missing = Array.from({ length: count - i }, (_, n) => ['removed', i + n]);
        expect(await namedIn(lines.slice(0, i + 1))).toEqual(missing);
        expect(await namedIn(lines.toSpliced(k + 1, 0, lines[i + 1] as string))).toEqual([
          ['added', undefined],
        ]);
        const forged = (lines[i + 1] as string).replace('"id":"log:', '"id":"forged:');
        expect(await namedIn(lines.toSpliced(k + 1, 0, forged))).toEqual([['added', undefined]]);
        if (i === k) return;
        const swapped = lines.with(i + 1, lines[k + 1] as string).with(k + 1, lines[i + 1] as string);
        const named = await namedIn(swapped);
        expect(named.length).toBeGreaterThan(0);
        expect(named).toContainEqual(['moved', i]);
        expect(named.every(([kind]) => kind === 'moved')).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('another checkpoint of the same size does not prove it', async () => {
    const [, ...rest] = linesOf(3);
    const [head = ''] = [...proofLines(['{"id":"x"}', '{"id":"y"}', '{"id":"z"}'], signer, WINDOW)];
    expect(await namedIn([head, ...rest])).toEqual([
      ['changed', 0],
      ['changed', 1],
      ['changed', 2],
    ]);
  });
});
