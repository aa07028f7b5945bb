import type { Span } from '../text/span.js';
import { isLetterOrDigit } from './letters.js';

/** Beginnings and lengths of payment cards (ISO/IEC 7812; the issuers' own ranges). */
const ISSUERS: readonly (readonly [name: string, beginning: RegExp, lengths: readonly number[]])[] = [
  ['Visa', /^4/, [16, 19]],
  ['Mastercard', /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  ['American Express', /^3[47]/, [15]],
  ['Discover', /^(?:6011|64[4-9]|65)/, [16, 19]],
  ['Diners Club', /^(?:30[0-5]|3095|36|38|39)/, [14]],
  ['JCB', /^35(?:2[89]|[3-8])/, [16]],
  ['UnionPay', /^62/, [16, 17, 18, 19]],
  ['Maestro', /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [16, 18, 19]],
  ['Mir', /^220[0-4]/, [16]],
  ['RuPay', /^(?:508|60|81|82)/, [16]],
];

/** Lengths of IBANs by country (SWIFT IBAN Registry). */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'NO15 BE16 DK18 FI18 FK18 FO18 GL18 NL18 SD18 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 ' +
    'BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 AD24 CZ24 ES24 MD24 PK24 ' +
    'RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 ' +
    'BY28 CY28 DO28 GT28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 YE30 MT31 SC31 LC32 RU33'
  )
    .split(' ')
    .map((country) => [country.slice(0, 2), Number(country.slice(2))]),
);

/** Digits in one piece, or in groups as they are printed on a card. */
const CARD =
  /(?<![\w.]|\d-)(?:\d{14,19}|\d{4}([ +-])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ +-])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g;
/** The country and check digits of an account number, in one piece or in groups of four. */
const IBAN = /(?<![0-9A-Za-z])[A-Za-z]{2}\d{2}(?=[0-9A-Za-z]{11}|[ +][0-9A-Za-z]{4}[ +])/g;

/** Before an id of tracing, whose sixteen letters may all be digits. */
const TRACING = /(?:span|trace|parent)[-_]?id["'\s:=\\]{1,6}$/i;

/** Numbers of payment cards and bank accounts whose checksums are right. */
export function bankNumbersIn(text: string): Span[] {
  const spans: Span[] = [];
  for (const { 0: found, index } of text.matchAll(CARD)) {
    const isId = TRACING.test(text.slice(Math.max(0, index - 16), index));
    if (!isId && isCard(found)) spans.push({ start: index, end: index + found.length });
  }
  for (const { 0: found, index } of text.matchAll(IBAN)) {
    const end = accountEnd(text, index, IBAN_LENGTHS[found.slice(0, 2).toUpperCase()] ?? 0);
    if (end !== undefined && isIban(text.slice(index, end))) spans.push({ start: index, end });
  }
  return spans;
}

/** Behind so many letters and digits, blanks between them not counted, where no more follow. */
function accountEnd(text: string, start: number, length: number): number | undefined {
  const limit = length + Math.floor(length / 4);
  let left = length;
  let at = start;
  for (; left > 0 && at < text.length && at - start < limit; at++) {
    if (isLetterOrDigit(text.charCodeAt(at))) left--;
    else if (!' +'.includes(text.charAt(at))) return undefined;
  }
  return length > 0 && left === 0 && !isLetterOrDigit(text.charCodeAt(at)) ? at : undefined;
}

/** Whether it is the number of a card: an issuer's beginning and length, and the check digit of Luhn (ISO/IEC 7812-1). */
export function isCard(text: string): boolean {
  const digits = text.replace(/[ +-]/g, '');
  const isIssued = ISSUERS.some(
    ([, beginning, lengths]) => lengths.includes(digits.length) && beginning.test(digits),
  );
  return isIssued && luhnSum(digits) % 10 === 0;
}

function luhnSum(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const weighted = i % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum;
}

/** Whether the rearranged digits of an IBAN leave 1 when divided by 97 (ISO 13616, ISO 7064). */
function isIban(text: string): boolean {
  const plain = text.replace(/[ +]/g, '').toUpperCase();
  let remainder = 0;
  for (const letter of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(letter, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
