import { lokiObjectSchema, lokiPushReplySchema, lokiReplySchema } from '../replies/loki-reply.js';
import { type Endpoint, json } from './endpoint.js';

function lokiRead(summary: string) {
  return {
    scope: 'read',
    load: 'search',
    summary,
    replies: [json(lokiReplySchema)],
  } as const satisfies Endpoint;
}

function lokiObject(summary: string) {
  return {
    scope: 'read',
    load: 'search',
    summary,
    replies: [json(lokiObjectSchema)],
  } as const satisfies Endpoint;
}

/**
 * Endpoints of Loki's API, for its clients and for Grafana. Their parameters are those of its documentation.
 *
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export const LOKI_ENDPOINTS = {
  'POST /loki/api/v1/push': {
    scope: 'write',
    summary: 'Takes lines as Promtail, Alloy and others push them: JSON, or protobuf with Snappy',
    foreign: { types: ['application/json', 'application/x-protobuf'], of: 'A PushRequest of Loki' },
    replies: [json(lokiPushReplySchema)],
  },
  'GET /loki/api/v1/query_range': lokiRead('Lines, or counts over time, by LogQL'),
  'GET /loki/api/v1/query': lokiRead('Lines, or counts at one time, by LogQL'),
  'GET /loki/api/v1/labels': lokiRead('Names of labels'),
  'GET /loki/api/v1/label/{name}/values': lokiRead('Values of a label'),
  'GET /loki/api/v1/series': lokiRead('Sets of labels'),
  'GET /loki/api/v1/index/stats': lokiObject('How many lines a selector takes'),
  'GET /loki/api/v1/index/volume': lokiRead('Lines by the values of a label'),
  'GET /loki/api/v1/index/volume_range': lokiRead('The same over time'),
  'GET /loki/api/v1/detected_labels': lokiObject('Labels of the newest lines'),
  'GET /loki/api/v1/detected_fields': lokiObject('Fields of the newest lines'),
  'GET /loki/api/v1/detected_field/{name}/values': lokiObject('Values of a field of the newest lines'),
  'GET /loki/api/v1/patterns': lokiRead('Patterns of the newest lines'),
  'GET /loki/api/v1/status/buildinfo': {
    scope: 'read',
    summary: "Which version of Loki's API there is",
    replies: [json(lokiObjectSchema)],
  },
} as const satisfies Readonly<Record<`${'GET' | 'POST'} /${string}`, Endpoint>>;
