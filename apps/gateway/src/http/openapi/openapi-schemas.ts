import {
  auditBodySchema,
  auditEntrySchema,
  auditFoundSchema,
  auditReplySchema,
  clearProgressSchema,
  deliveryReplySchema,
  entityReplySchema,
  entryBodySchema,
  entryFoundSchema,
  entryReplySchema,
  errorReplySchema,
  eventsReplySchema,
  healthReplySchema,
  histogramReplySchema,
  identifiedEntryBodySchema,
  ingestReplySchema,
  levelTableInputSchema,
  levelTableSchema,
  logsReplySchema,
  oauthFlowSchema,
  oauthFlowsReplySchema,
  oauthSummaryReplySchema,
  readyReplySchema,
  serviceLogBodySchema,
  serviceLogSchema,
  serviceLogsReplySchema,
  sessionReplySchema,
  signInSchema,
  statsReplySchema,
  testReplySchema,
  topReplySchema,
} from '@tailrace/api';
import { z } from 'zod';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface ObjectSchema extends JsonSchema {
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** What has a name of its own; elsewhere it is referred to. */
const NAMED: readonly (readonly [schema: z.ZodType, name: string])[] = [
  [entryReplySchema, 'Entry'],
  [entryBodySchema, 'EntryInput'],
  [identifiedEntryBodySchema, 'IdentifiedEntryInput'],
  [serviceLogBodySchema, 'ServiceLogInput'],
  [serviceLogSchema, 'ServiceLog'],
  [serviceLogsReplySchema, 'ServiceLogsReply'],
  [logsReplySchema, 'LogsReply'],
  [entryFoundSchema, 'EntryFound'],
  [ingestReplySchema, 'IngestReply'],
  [auditEntrySchema, 'AuditEntry'],
  [auditBodySchema, 'AuditEntryInput'],
  [auditReplySchema, 'AuditReply'],
  [auditFoundSchema, 'AuditFound'],
  [entityReplySchema, 'EntityReply'],
  [testReplySchema, 'TestReply'],
  [statsReplySchema, 'StatsReply'],
  [eventsReplySchema, 'EventsReply'],
  [topReplySchema, 'TopReply'],
  [histogramReplySchema, 'HistogramReply'],
  [oauthFlowSchema, 'OAuthFlow'],
  [oauthFlowsReplySchema, 'OAuthFlowsReply'],
  [oauthSummaryReplySchema, 'OAuthSummaryReply'],
  [clearProgressSchema, 'ClearProgress'],
  [deliveryReplySchema, 'DeliveryReply'],
  [levelTableSchema, 'LevelTable'],
  [levelTableInputSchema, 'LevelTableInput'],
  [healthReplySchema, 'HealthReply'],
  [readyReplySchema, 'ReadyReply'],
  [sessionReplySchema, 'SessionReply'],
  [signInSchema, 'SignIn'],
  [errorReplySchema, 'ErrorReply'],
  // It contains itself.
  [entryReplySchema.shape.error.unwrap(), 'EntryError'],
];
const NAMES: ReadonlyMap<unknown, string> = new Map(NAMED);
const PLACE = '#/components/schemas/';
const PART_PLACE = '#/$defs/';

/** The named schemas, as `components.schemas` has them. */
export function namedSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(NAMED.map(([schema, name]) => [name, namedSchema(schema, name)]));
}

/** A schema that refers to itself and to others by their names. */
function namedSchema(schema: z.ZodType, name: string): JsonSchema {
  const { $defs = {}, ...own } = jsonSchemaOf(schema);
  let json = JSON.stringify(own).replaceAll('{"$ref":"#"}', JSON.stringify({ $ref: PLACE + name }));
  for (const [part, { $ref }] of Object.entries($defs)) {
    const place = `"${PART_PLACE}${part}"`;
    if ($ref === undefined && json.includes(place)) throw new Error(`a part of ${name} needs a name`);
    json = json.replaceAll(place, JSON.stringify($ref));
  }
  return JSON.parse(json);
}

/** A named schema by its name, any other as it is. */
export function schemaOrReference(schema: z.ZodType): JsonSchema {
  const name = NAMES.get(schema);
  return name === undefined ? jsonSchemaOf(schema) : { $ref: PLACE + name };
}

/** The parameters of a query by name, and which of them are needed. */
export function parameterSchemas(query: z.ZodObject): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const { properties = {}, required = [] } = jsonSchemaOf(query);
  return { properties, required };
}

/** What stands in the JSON, which is what a schema reads. */
function jsonSchemaOf(schema: z.ZodType): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override({ zodSchema, jsonSchema, path }) {
      const name = path.length > 0 ? NAMES.get(zodSchema) : undefined;
      if (name === undefined) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      jsonSchema.$ref = PLACE + name;
    },
  });
  return rest as ObjectSchema;
}
