import type { EntryReply } from '@tailrace/schema';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { logQuerySchema } from '../parameters/log-query.js';
import type { IngestReply, LogsReply } from '../replies/reply.js';
import { ENDPOINT_LIST, type EndpointName } from './endpoint-list.js';
import type {
  EndpointBody,
  EndpointContent,
  EndpointJson,
  EndpointParameters,
  EndpointPath,
  EndpointQuery,
  EndpointReply,
} from './endpoint-types.js';

describe('the table of endpoints', () => {
  it.each(ENDPOINT_LIST)('describes $name in a sentence without its full stop', ({ summary }) => {
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it.each(ENDPOINT_LIST.filter(({ pathFilter }) => pathFilter !== undefined))(
    'has a parameter in the path of $name for its filter, and the filter in its query',
    ({ path, pathFilter, query }) => {
      expect(path).toMatch(/^[^{}]+\{\w+\}$/);
      expect(Object.keys(query?.shape ?? {})).toContain(pathFilter);
    },
  );

  it.each(ENDPOINT_LIST.filter(({ needs }) => needs !== undefined))(
    'has in the query of $name what it needs',
    ({ needs, query }) => expect(Object.keys(query?.shape ?? {})).toContain(needs),
  );

  it.each(ENDPOINT_LIST.filter(({ query }) => query !== undefined))(
    'refuses parameters $name does not know',
    ({ query }) => {
      const codes = query
        ?.safeParse({ by: 'ip', no_such_parameter: '1' })
        .error?.issues.map(({ code }) => code);
      expect(codes).toContain('unrecognized_keys');
    },
  );

  it.each(ENDPOINT_LIST)('says what $name replies', ({ replies }) => {
    expect(replies.map(({ status }) => status)).toContain(200);
  });
});

describe('the types of an endpoint', () => {
  it('are those of its schemas', () => {
    expectTypeOf<EndpointParameters<'GET /logs/errors'>>().toEqualTypeOf<z.output<typeof logQuerySchema>>();
    expectTypeOf<EndpointReply<'GET /logs/slow'>>().toEqualTypeOf<LogsReply>();
    expectTypeOf<EndpointJson<'POST /logs'>>().toEqualTypeOf<IngestReply>();
    expectTypeOf<EndpointReply<'GET /logs/export'>>().toEqualTypeOf<EntryReply | string>();
    expectTypeOf<EndpointJson<'GET /metrics'>>().toBeNever();
    expectTypeOf<EndpointPath<'GET /logs/ip/{ip}'>>().toEqualTypeOf<{ readonly ip: string }>();
    expectTypeOf<EndpointContent<'GET /logs'>>().toBeUndefined();
  });

  it('say what must be given', () => {
    expectTypeOf<object>().not.toExtend<EndpointQuery<'GET /logs/top'>>();
    expectTypeOf<{ by: 'ip' }>().toExtend<EndpointQuery<'GET /logs/top'>>();
    expectTypeOf<object>().toExtend<EndpointQuery<'GET /logs'>>();
    expectTypeOf<{ message: string }>().toExtend<EndpointBody<'POST /logs'>>();
    expectTypeOf<{ message: string }[]>().toExtend<EndpointBody<'POST /logs'>>();
    expectTypeOf<{ message: number }>().not.toExtend<EndpointBody<'POST /logs'>>();
    expectTypeOf<'GET /nothing'>().not.toExtend<EndpointName>();
  });
});
