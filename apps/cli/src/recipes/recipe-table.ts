/** One argument of a recipe. */
export interface RecipeParameter {
  /** As it is shown, and given by name: `level=ERROR`. */
  readonly name: string;
  /** The flag of the command it sets; `undefined`: it is the command's own argument. */
  readonly flag?: string;
  readonly isRequired?: boolean;
  /** @default the command's own, or what the gateway does without it */
  readonly byDefault?: string;
  /**
   * What may stand in its place as `name=value`: by default a parameter or flag that there is, and no other name; with
   * `text` another name is a value; with `free` all but the recipe's own parameters is.
   */
  readonly takes?: 'text' | 'free';
}

/** A recipe of the justfile, and the command it stands for. */
export interface Recipe {
  readonly name: string;
  /** The command of this program, such as `ip` or `run show`; `docker`: Docker Compose instead. */
  readonly command: string;
  readonly about: string;
  readonly parameters: readonly RecipeParameter[];
  /** A command line that works as it is. */
  readonly example: string;
  /** What follows its argument are flags of the command as they are. */
  readonly takesFlags?: boolean;
}

/** Recipes that belong together, under one title. */
export interface RecipeGroup {
  readonly title: string;
  readonly recipes: readonly Recipe[];
}

const HOURS: RecipeParameter = { name: 'hours', flag: 'hours', byDefault: '24' };
const EVENT: RecipeParameter = { name: 'event', flag: 'event', takes: 'text' };
const USER: RecipeParameter = { name: 'user', flag: 'user', takes: 'text' };
const LEVEL: RecipeParameter = { name: 'level', flag: 'level' };
const HOSTNAME: RecipeParameter = { name: 'hostname', flag: 'hostname', takes: 'text' };
const LIMIT: RecipeParameter = { name: 'limit', flag: 'limit', byDefault: '100' };
const TOKEN: RecipeParameter = { name: 'token', flag: 'token', takes: 'free' };

/** Every recipe about logs, in the order `logs-help` shows them. */
export const RECIPE_GROUPS: readonly RecipeGroup[] = [
  {
    title: 'Look at logs',
    recipes: [
      {
        name: 'logs',
        command: 'logs',
        about: 'Recent logs',
        parameters: [HOURS, EVENT, LEVEL, HOSTNAME, LIMIT, TOKEN],
        example: "just logs 1 '' ERROR",
      },
      {
        name: 'logs-search',
        command: 'search',
        about: 'Search for words and "phrases"',
        parameters: [{ name: 'query', takes: 'free' }, HOURS, EVENT, LEVEL, HOSTNAME, LIMIT, TOKEN],
        example: 'just logs-search timeout 24',
      },
      {
        name: 'logs-errors',
        command: 'errors',
        about: 'Errors: level ERROR up, status 400 up',
        parameters: [HOURS, LIMIT, TOKEN],
        example: 'just logs-errors 1 10',
      },
      {
        name: 'logs-errors-debug',
        command: 'errors-debug',
        about: 'Errors with all fields and stacks',
        parameters: [HOURS, { name: 'include-warnings', flag: 'include-warnings' }, LIMIT, TOKEN],
        example: 'just logs-errors-debug 1 yes 5',
      },
      {
        name: 'logs-error-groups',
        command: 'error-groups',
        about: 'Errors with one cause as one line',
        parameters: [HOURS, { name: 'groups', flag: 'limit', byDefault: '20' }, TOKEN],
        example: 'just logs-error-groups 1',
      },
      {
        name: 'logs-patterns',
        command: 'patterns',
        about: 'Messages that say the same, as one',
        parameters: [
          HOURS,
          { name: 'show', flag: 'show', byDefault: 'all' },
          { name: 'patterns', flag: 'limit', byDefault: '20' },
          TOKEN,
        ],
        example: 'just logs-patterns 1 new',
      },
    ],
  },
  {
    title: 'Look something up',
    recipes: [
      lookup({
        name: 'logs-ip',
        command: 'ip',
        about: 'Logs of a client IP',
        argument: 'ip',
        example: 'just logs-ip 192.168.1.1 24',
        filters: [EVENT, LEVEL],
      }),
      lookup({
        name: 'logs-proxy',
        command: 'proxy',
        about: 'Logs of the host requests went to',
        argument: 'hostname',
        example: 'just logs-proxy api.example.com',
      }),
      lookup({
        name: 'logs-hostname',
        command: 'hostname',
        about: "Logs of a client's or proxy's host",
        argument: 'hostname',
        example: 'just logs-hostname client.example.com',
      }),
      lookup({
        name: 'logs-user',
        command: 'user',
        about: 'Logs of a user',
        argument: 'user-id',
        example: 'just logs-user github-123',
      }),
      lookup({
        name: 'logs-session',
        command: 'session',
        about: 'Logs of a session',
        argument: 'session-id',
        example: 'just logs-session 6f1d2c',
      }),
      lookup({
        name: 'logs-trace',
        command: 'trace',
        about: 'Logs of a trace, across services',
        argument: 'trace-id',
        example: 'just logs-trace req-123',
      }),
      lookup({
        name: 'logs-oauth-client',
        command: 'client',
        about: 'Logs of an OAuth client',
        argument: 'client-id',
        example: 'just logs-oauth-client my-app',
        filters: [EVENT, LEVEL],
      }),
    ],
  },
  {
    title: 'Look at the audit trail',
    recipes: [
      lookup({
        name: 'logs-object',
        command: 'object',
        about: 'Logs about an object',
        argument: 'object-id',
        example: 'just logs-object vm-123',
      }),
      {
        name: 'logs-audit',
        command: 'audit',
        about: 'Who did what',
        parameters: [HOURS, USER, EVENT, LIMIT, TOKEN],
        example: 'just logs-audit 24 alice',
      },
      lookup({
        name: 'logs-entity',
        command: 'entity',
        about: 'Who did what to an entity, type:id',
        argument: 'entity',
        example: 'just logs-entity user:42',
      }),
      {
        name: 'logs-history',
        command: 'history',
        about: 'What changed in an entity, type:id',
        parameters: [{ name: 'entity', isRequired: true, takes: 'free' }, LIMIT, TOKEN],
        example: 'just logs-history user:42',
      },
      {
        name: 'logs-run',
        command: 'run show',
        about: 'One run, step by step',
        parameters: [{ name: 'run-id', isRequired: true, takes: 'free' }, TOKEN],
        example: 'just logs-run run-001',
      },
      {
        name: 'logs-costs',
        command: 'report',
        about: 'What runs cost',
        parameters: [HOURS, { name: 'by', flag: 'by', byDefault: 'model' }, TOKEN],
        example: 'just logs-costs 24 day',
      },
      {
        name: 'audit-verify',
        command: 'audit verify',
        about: 'Check the signed audit trail',
        parameters: [TOKEN],
        example: 'just audit-verify',
      },
    ],
  },
  {
    title: 'Look at OAuth flows',
    recipes: [
      lookup({
        name: 'logs-oauth',
        command: 'oauth',
        about: 'OAuth activity of an IP, counted',
        argument: 'ip',
        example: 'just logs-oauth 192.168.1.1',
      }),
      lookup({
        name: 'logs-oauth-debug',
        command: 'oauth-debug',
        about: 'OAuth flows of an IP, step by step',
        argument: 'ip',
        example: 'just logs-oauth-debug 192.168.1.1 1',
      }),
      {
        name: 'logs-oauth-flow',
        command: 'oauth-flow',
        about: 'OAuth flows: how each ended, and why',
        parameters: [
          { name: 'client-id', flag: 'client-id', takes: 'text' },
          { name: 'username', flag: 'username', takes: 'text' },
          HOURS,
          TOKEN,
        ],
        example: 'just logs-oauth-flow my-app',
      },
      lookup({
        name: 'logs-oauth-user',
        command: 'oauth-user',
        about: 'OAuth flows of a user, step by step',
        argument: 'username',
        example: 'just logs-oauth-user github-123',
      }),
    ],
  },
  {
    title: 'Look at requests',
    recipes: [
      lookup({
        name: 'logs-method',
        command: 'method',
        about: 'Requests of an HTTP method',
        argument: 'method',
        example: 'just logs-method POST 1',
      }),
      lookup({
        name: 'logs-status',
        command: 'status',
        about: 'Requests by status: 404, 4xx, 500-599',
        argument: 'code',
        example: 'just logs-status 5xx',
      }),
      {
        name: 'logs-slow',
        command: 'slow',
        about: 'What took longer than so many ms',
        parameters: [{ name: 'threshold-ms', byDefault: '1000' }, HOURS, LIMIT, TOKEN],
        example: 'just logs-slow 500 1',
      },
      lookup({
        name: 'logs-path',
        command: 'path',
        about: 'Requests by path; * is any characters',
        argument: 'pattern',
        example: "just logs-path '/users/*'",
      }),
    ],
  },
  {
    title: 'Figures',
    recipes: [
      {
        name: 'logs-stats',
        command: 'stats',
        about: 'Requests, errors, times, visitors',
        parameters: [HOURS, TOKEN],
        example: 'just logs-stats 1',
      },
    ],
  },
  {
    title: 'Watch',
    recipes: [
      {
        name: 'logs-follow',
        command: 'follow',
        about: 'Logs as they are written',
        parameters: [{ name: 'interval', takes: 'free' }, EVENT, LEVEL, HOSTNAME, TOKEN],
        example: 'just logs-follow api',
      },
    ],
  },
  {
    title: 'Docker Compose',
    recipes: [
      {
        name: 'logs-docker',
        command: 'docker',
        about: 'Logs of the Compose containers',
        parameters: [
          { name: 'lines', byDefault: '100' },
          { name: 'follow', byDefault: 'no' },
        ],
        example: 'just logs-docker 50 yes',
      },
      {
        name: 'logs-service',
        command: 'docker',
        about: 'Logs of one Compose service',
        parameters: [
          { name: 'service', byDefault: 'gateway', takes: 'free' },
          { name: 'lines', byDefault: '100' },
        ],
        example: 'just logs-service valkey 20',
      },
    ],
  },
  {
    title: 'Operate',
    recipes: [
      {
        name: 'logs-import',
        command: 'import',
        about: 'Import access logs or JSON lines',
        parameters: [{ name: 'file', isRequired: true, takes: 'free' }],
        example: 'just logs-import access.log --rebase-to-now',
        takesFlags: true,
      },
      {
        name: 'logs-delivery',
        command: 'delivery',
        about: 'What became of the entries of writers',
        parameters: [TOKEN],
        example: 'just logs-delivery',
      },
      {
        name: 'logs-analytics',
        command: 'analytics',
        about: 'Figures beside the week before',
        parameters: [HOURS, TOKEN],
        example: 'just logs-analytics 24',
      },
      {
        name: 'logs-alerts',
        command: 'alerts',
        about: 'What is wrong, and was',
        parameters: [{ name: 'action', byDefault: 'status' }, { name: 'name', takes: 'free' }, TOKEN],
        example: 'just logs-alerts rules',
      },
      {
        name: 'logs-cost',
        command: 'cost',
        about: 'What logs take in Redis and in files',
        parameters: [TOKEN],
        example: 'just logs-cost',
      },
      {
        name: 'logs-archive',
        command: 'archive',
        about: 'What is kept in files',
        parameters: [{ name: 'action', byDefault: 'status' }, TOKEN],
        example: 'just logs-archive verify',
      },
      {
        name: 'logs-test',
        command: 'test',
        about: 'Write an entry and read it back',
        parameters: [TOKEN],
        example: 'just logs-test',
      },
      {
        name: 'logs-clear',
        command: 'clear',
        about: 'Remove all log data; asks first',
        parameters: [TOKEN],
        example: 'just logs-clear',
      },
    ],
  },
];

/** {@link RECIPE_GROUPS} without their titles. */
export const RECIPES: readonly Recipe[] = RECIPE_GROUPS.flatMap(({ recipes }) => recipes);

/** `<ip>` is required, `[hours]` is not. */
export function shownParameter({ name, isRequired }: RecipeParameter): string {
  return isRequired ? `<${name}>` : `[${name}]`;
}

/** A recipe that looks up what its first argument names. */
function lookup({ argument, filters = [], ...recipe }: Lookup): Recipe {
  const first: RecipeParameter = { name: argument, isRequired: true, takes: 'free' };
  return { ...recipe, parameters: [first, HOURS, ...filters, LIMIT, TOKEN] };
}

interface Lookup extends Pick<Recipe, 'name' | 'command' | 'about' | 'example'> {
  readonly argument: string;
  readonly filters?: readonly RecipeParameter[];
}
