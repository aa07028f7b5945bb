import type { Format } from '../../format.js';
import { type Candidate, refuse } from '../../parsed-line.js';
import { keycloakEvent, parseKeycloakEvent } from '../../text/keycloak-event.js';
import { readLevel } from '../../values/level-words.js';
import { parseIsoTime } from '../../values/time-text.js';

const LINE =
  /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[,.]\d{3,9}(?:Z|[+-]\d\d:?\d\d)?) +(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|SEVERE|FINE|FINER|FINEST|CONFIG) +\[([\w.$/-]{1,300})\] \(([\s\S]{1,300}?)\) /;

/** Keycloak's server log, as Quarkus and WildFly write it; lines of `org.keycloak.events` are events. */
export const keycloakText: Format = {
  name: 'keycloak-text',
  title: 'Keycloak, Quarkus and WildFly, server log',
  reference: 'https://www.keycloak.org/server/logging',
  hasStackLines: true,
  detect: ({ text }) => LINE.test(text),
  parse({ text }, { zone }) {
    const match = LINE.exec(text);
    if (match === null) return refuse('unknown_format', 'no line of a Keycloak log');
    const [whole, time, level, logger, thread] = match;
    const timestamp = parseIsoTime(time as string, zone);
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${time}`);
    const message = text.slice(whole.length);
    const event = logger === 'org.keycloak.events' ? parseKeycloakEvent(message) : undefined;
    const known: Candidate = event === undefined ? { kind: 'log' } : keycloakEvent(event);
    return {
      entry: {
        ...known,
        timestamp,
        level: readLevel(level),
        component: logger,
        message,
        data: { ...(known.data as object | undefined), thread },
      },
    };
  },
};
