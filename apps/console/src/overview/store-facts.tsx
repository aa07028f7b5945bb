import { lineOf } from '../entry/visible-text.js';
import { bytesText, Fact } from './card.js';
import { cost, type Figures } from './overview-state.js';

type Health = Figures['health'];

/** The engine, what it is made of, and how it is. */
export function StoreFacts({ health }: { readonly health: Health }) {
  const { engine, status, version, uptime_s: uptime, eviction, topology } = health;
  const memory = cost.value?.redis;
  return (
    <dl class="facts">
      <Fact name="Engine" value={engine ?? '–'} />
      <Fact name="Status" value={status} isBad={status !== 'ok'} />
      {topology !== undefined && <TopologyFacts topology={topology} />}
      {memory !== undefined && (
        <Fact
          name="Memory"
          value={`${bytesText(memory.used_bytes)} used${memory.max_bytes === 0 ? '' : ` of ${bytesText(memory.max_bytes)}`}`}
        />
      )}
      <Fact name="Gateway" value={version ?? '–'} />
      <Fact name="Up for" value={uptime === undefined ? '–' : spanText(uptime)} />
      <Fact
        name="Evicts"
        value={eviction == null ? 'no' : `${eviction.policy}, past ${bytesText(eviction.max_bytes)}`}
        isBad={eviction != null}
      />
    </dl>
  );
}

const KINDS = {
  server: 'one server',
  sentinel: 'a master and its replicas, by Sentinel',
  cluster: 'a cluster',
};

/** One server, the master a Sentinel names, or the masters of a cluster with their shards. */
function TopologyFacts({ topology }: { readonly topology: NonNullable<Health['topology']> }) {
  const { kind, nodes, shards, away } = topology;
  return (
    <>
      <Fact name="Is" value={KINDS[kind]} />
      {nodes.length > 0 && (
        <Fact
          name={nodes.length === 1 ? 'Node' : `${nodes.length} masters`}
          value={nodes.map((node) => lineOf(node, 80)).join(', ')}
        />
      )}
      {shards > 1 && (
        <Fact
          name="Shards"
          value={
            away.length === 0
              ? `${shards}, all there`
              : `${shards}, of which ${away.join(', ')} ${away.length === 1 ? 'does' : 'do'} not answer`
          }
          isBad={away.length > 0}
        />
      )}
    </>
  );
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
