import type { OAuthFlows } from '../oauth/oauth-flows.js';
import type { Statistics } from '../statistics/statistics.js';
import { withPatience } from './patience.js';

/** Figures of shards that may be on their way from one node to another: what finds one away is asked again for a second. */
export function patientStatistics(statistics: Statistics): Statistics {
  return {
    summary: (request, options) => withPatience(() => statistics.summary(request, options)),
    events: (window, wanted, options) => withPatience(() => statistics.events(window, wanted, options)),
    top: (request, options) => withPatience(() => statistics.top(request, options)),
    histogram: (request, options) => withPatience(() => statistics.histogram(request, options)),
    times: (request, options) => withPatience(() => statistics.times(request, options)),
    slowest: (request, options) => withPatience(() => statistics.slowest(request, options)),
    facets: (request, options) => withPatience(() => statistics.facets(request, options)),
    folded: () => withPatience(() => statistics.folded()),
  };
}

/** The same of flows. */
export function patientFlows(flows: OAuthFlows): OAuthFlows {
  return { find: (request, options) => withPatience(() => flows.find(request, options)) };
}
