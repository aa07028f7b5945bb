import { expect, test } from 'vitest';
import { forwardedElement } from './forwarded-element.js';

test.each([
  ['for=_hidden', '_hidden'],
  ['for="[2001:db8::1]:80";proto=https', '[2001:db8::1]:80'],
  ['For=1.2.3.4 ; by=x', '1.2.3.4'],
  ['for="a\\"b"', 'a"b'],
  ['proto=https;by="unknown"', undefined],
])('%s names %s', (element, node) => {
  expect(forwardedElement(element)).toEqual({ node });
});

test.each([
  '',
  'for=',
  'for="a',
  'x=1;',
  ';for=1',
  'for =x',
  'for= x',
  'for=a b',
  'for=a;for=b',
  '=a',
  'for',
])('%j is no element', (text) => {
  expect(forwardedElement(text)).toBeUndefined();
});
