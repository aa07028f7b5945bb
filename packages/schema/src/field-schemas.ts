import { z } from 'zod';
import { canonicalIp } from './ip-address.js';
import { LEVEL_NAMES, type Level, parseLevel } from './level.js';

/** A level name in any case, in entries and in queries. */
export const levelSchema = z
  .string()
  .transform((text, context): Level => {
    const level = parseLevel(text);
    if (level !== undefined) return level;
    context.issues.push({ code: 'custom', input: text, message: `must be one of ${LEVEL_NAMES.join(', ')}` });
    return z.NEVER;
  })
  .describe('One of the seven level names, in any case');

/** An IP address, read into its canonical spelling, in entries and in queries. */
export const ipSchema = z
  .string()
  .transform((text, context): string => {
    const ip = canonicalIp(text);
    if (ip !== undefined) return ip;
    context.issues.push({ code: 'custom', input: text, message: 'must be an IPv4 or IPv6 address' });
    return z.NEVER;
  })
  .describe('IPv4 or IPv6 address; stored canonical');
