import type { LokiReply } from '@tailrace/api';
import type { EndpointCall, Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayContext, GatewayDeps } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { type CountSeries, countSeries, type Steps } from './counts.js';
import { findLines } from './line-search.js';
import { type LogCount, type LogSelection, parseLogql } from './logql.js';
import { filterOf } from './logql-filter.js';
import { LogqlError } from './logql-tokens.js';
import {
  askedDuration,
  type LokiRequest,
  MAX_LINES,
  readLokiRequest,
  withLogqlErrors,
} from './loki-request.js';
import { streamsOf } from './streams.js';

const DEFAULT_LINES = 100;
/** Steps a reply has at most, as of Loki and Prometheus. */
const MAX_STEPS = 11_000;
/** Steps of a window where nobody says how long they are. */
const DEFAULT_STEPS = 250;
/** What Grafana asks to see whether there is a Loki. */
const PROBE = /^\s*vector\(1\)\s*\+\s*vector\(1\)\s*$/;
/** Which of Loki's features there are, for clients that ask its version. */
const LOKI_VERSION = '3.4.0';

/** Answers `query` and `query_range` of Loki's API, and its version. */
export function lokiQueryHandlers(deps: GatewayDeps, room: PageRoom) {
  const { reader, statistics, version, now = Date.now } = deps;
  return {
    'GET /loki/api/v1/query_range': async ({ c }) => {
      const request = readLokiRequest(c, now());
      const query = withLogqlErrors(() => parseLogql(request.text('query') ?? '{}'));
      return query.kind === 'lines'
        ? lines(c, request, query.selection)
        : counts(c, request, query, stepsOf(request));
    },
    'GET /loki/api/v1/query': async ({ c }) => {
      const request = readLokiRequest(c, now());
      const text = request.text('query') ?? '{}';
      if (PROBE.test(text)) {
        return success({
          resultType: 'vector',
          result: [{ metric: {}, value: [Math.floor(request.end.ms / 1000), '2'] }],
        });
      }
      const query = withLogqlErrors(() => parseLogql(text));
      if (query.kind === 'lines') return lines(c, request, query.selection);
      return counts(c, request, query, { startMs: request.end.ms, stepMs: query.rangeMs, count: 1 }, true);
    },
    'GET /loki/api/v1/status/buildinfo': () => ({
      version: LOKI_VERSION,
      revision: version,
      branch: 'tailrace',
      buildUser: '',
      buildDate: '',
      goVersion: '',
    }),
  } satisfies Partial<Handlers>;

  async function lines(c: GatewayContext, request: LokiRequest, selection: LogSelection): Promise<LokiReply> {
    const filter = withLogqlErrors(() => filterOf(selection));
    const limit = request.count('limit', DEFAULT_LINES, MAX_LINES);
    const isForward = request.text('direction')?.toLowerCase() === 'forward';
    const space = room.open();
    try {
      const search = { filter, request, limit, isForward, space, signal: c.req.raw.signal };
      const { entries, isPartial } = await findLines(reader, search);
      const isCategorized = (c.req.header('x-loki-response-encoding-flags') ?? '').includes(
        'categorize-labels',
      );
      const result = streamsOf(entries, isCategorized);
      const data = {
        resultType: 'streams',
        result,
        ...(isCategorized && { encodingFlags: ['categorize-labels'] }),
      };
      return success(
        data,
        isPartial ? ['lines are missing: the search ended at its bound; ask for a shorter window'] : [],
      );
    } finally {
      space.release();
    }
  }

  async function counts(
    c: GatewayContext,
    request: LokiRequest,
    query: LogCount,
    steps: Steps,
    isInstant = false,
  ): Promise<LokiReply> {
    const { series, isExact } = await countsOrRefusal(() =>
      countSeries(statistics, query, steps, c.req.raw.signal),
    );
    const warnings = isExact
      ? []
      : ['counts are not exact: there was more than is counted one by one, or more series than are shown'];
    const data = isInstant
      ? { resultType: 'vector', result: series.map((one) => vectorOf(one, request)) }
      : { resultType: 'matrix', result: series.map((one) => matrixOf(one, steps)) };
    return success(data, warnings);
  }
}

/** Answers with the reason what cannot be counted. */
export async function countsOrRefusal<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LogqlError)
      throw new RequestError('invalid_parameter', `query: ${error.message}`, 'query');
    throw error;
  }
}

/** A reply that is no error. */
export function success(data: unknown, warnings: readonly string[] = []): LokiReply {
  return { status: 'success', data, ...(warnings.length > 0 && { warnings: [...warnings] }) };
}

/**
 * The steps from start to end.
 *
 * @throws RequestError when there are too many
 */
export function stepsOf(request: LokiRequest): Steps {
  const { start, end } = request;
  const given = request.text('step');
  const stepMs =
    given === undefined
      ? Math.max(1_000, Math.ceil((end.ms - start.ms) / DEFAULT_STEPS / 1_000) * 1_000)
      : askedDuration('step', given);
  const count = Math.floor((end.ms - start.ms) / stepMs) + 1;
  if (count > MAX_STEPS) {
    throw new RequestError('invalid_parameter', `step makes ${count} steps; allowed: ${MAX_STEPS}`, 'step');
  }
  return { startMs: start.ms, stepMs, count };
}

/** Steps at which nothing was counted are left out, as Loki does. */
export function matrixOf({ metric, counts }: CountSeries, { startMs, stepMs }: Steps) {
  const values = counts
    .map((count, step) => [(startMs + step * stepMs) / 1000, String(count)] as const)
    .filter(([, count]) => count !== '0');
  return { metric, values };
}

function vectorOf({ metric, counts: [count = 0] }: CountSeries, { end }: LokiRequest) {
  return { metric, value: [end.ms / 1000, String(count)] };
}

/** A call of an endpoint of Loki's API that looks at nothing but its URL. */
export type LokiCall = Pick<EndpointCall<'GET /loki/api/v1/labels'>, 'c'>;
