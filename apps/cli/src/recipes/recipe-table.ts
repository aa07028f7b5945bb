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
  /** The command of this program; `docker`: Docker Compose instead. */
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
    ],
  },
  {
    title: 'Look something up',
    recipes: [
      lookup('logs-ip', 'ip', 'Logs of a client IP', 'ip', 'just logs-ip 192.168.1.1 24', [EVENT, LEVEL]),
      lookup(
        'logs-proxy',
        'proxy',
        'Logs of the host requests went to',
        'hostname',
        'just logs-proxy api.example.com',
      ),
      lookup(
        'logs-hostname',
        'hostname',
        "Logs of a client's or proxy's host",
        'hostname',
        'just logs-hostname client.example.com',
      ),
      lookup('logs-user', 'user', 'Logs of a user', 'user-id', 'just logs-user github-123'),
      lookup('logs-session', 'session', 'Logs of a session', 'session-id', 'just logs-session 6f1d2c'),
      lookup(
        'logs-trace',
        'trace',
        'Logs of a trace, across services',
        'trace-id',
        'just logs-trace req-123',
      ),
      lookup(
        'logs-oauth-client',
        'client',
        'Logs of an OAuth client',
        'client-id',
        'just logs-oauth-client my-app',
        [EVENT, LEVEL],
      ),
    ],
  },
  {
    title: 'Look at OAuth flows',
    recipes: [
      lookup('logs-oauth', 'oauth', 'OAuth activity of an IP, counted', 'ip', 'just logs-oauth 192.168.1.1'),
      lookup(
        'logs-oauth-debug',
        'oauth-debug',
        'OAuth flows of an IP, step by step',
        'ip',
        'just logs-oauth-debug 192.168.1.1 1',
      ),
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
      lookup(
        'logs-oauth-user',
        'oauth-user',
        'OAuth flows of a user, step by step',
        'username',
        'just logs-oauth-user github-123',
      ),
    ],
  },
  {
    title: 'Look at requests',
    recipes: [
      lookup('logs-method', 'method', 'Requests of an HTTP method', 'method', 'just logs-method POST 1'),
      lookup(
        'logs-status',
        'status',
        'Requests by status: 404, 4xx, 500-599',
        'code',
        'just logs-status 5xx',
      ),
      {
        name: 'logs-slow',
        command: 'slow',
        about: 'What took longer than so many ms',
        parameters: [{ name: 'threshold-ms', byDefault: '1000' }, HOURS, LIMIT, TOKEN],
        example: 'just logs-slow 500 1',
      },
      lookup(
        'logs-path',
        'path',
        'Requests by path; * is any characters',
        'pattern',
        "just logs-path '/users/*'",
      ),
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
function lookup(
  name: string,
  command: string,
  about: string,
  argument: string,
  example: string,
  filters: readonly RecipeParameter[] = [],
): Recipe {
  const first: RecipeParameter = { name: argument, isRequired: true, takes: 'free' };
  return { name, command, about, parameters: [first, HOURS, ...filters, LIMIT, TOKEN], example };
}
