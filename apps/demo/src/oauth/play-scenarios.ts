import type { OAuthWorld } from './oauth-world.js';
import type { Person } from './registry.js';
import type { Scenario } from './scenarios.js';

/** A scenario that was played. */
export interface Played {
  readonly scenario: Scenario;
  /** Client IP of its browser. */
  readonly clientIp: string;
}

/**
 * Plays scenarios at once, as many at a time as `concurrency`, so that their steps interleave.
 *
 * @param clientIpOf the client IP of the browser of the scenario at that place
 */
export async function playScenarios(
  world: OAuthWorld,
  scenarios: readonly Scenario[],
  concurrency: number,
  clientIpOf: (place: number) => string,
): Promise<Played[]> {
  const played: Played[] = [];
  let next = 0;
  const playOn = async () => {
    for (let place = next++; place < scenarios.length; place = next++) {
      const scenario = scenarios[place] as Scenario;
      const person = world.people[place % world.people.length] as Person;
      const clientIp = clientIpOf(place);
      await scenario.play({ world, person, clientIp });
      played.push({ scenario, clientIp });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, playOn));
  return played;
}
