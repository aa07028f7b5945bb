import type { Format } from '../../format.js';
import { refuse } from '../../parsed-line.js';
import { unescapeClf } from '../../text/clf-escapes.js';
import { countOf, splitFields, statusOf, textOf } from '../../text/fields.js';
import { readAddressBeforePort, readHost } from '../../values/address.js';
import { roundMs } from '../../values/duration.js';
import { parseRequestLine } from '../../values/request-line.js';
import { parseIsoTime } from '../../values/time-text.js';

const START =
  /^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT[\d:.]{8,20}Z \S+ \S+ \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ /;

/** Access logs of AWS's Application Load Balancers; `time` is when the answer went out. */
export const awsAlb: Format = {
  name: 'aws-alb',
  title: 'AWS Application Load Balancer, access log',
  reference:
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html',
  detect: ({ text }) => START.test(text),
  parse({ text }) {
    const fields = splitFields(text)?.map((field) => field.text) ?? [];
    const [type, time, elb, client, target, t1, t2, t3, status, targetStatus, received, sent, request] =
      fields;
    const [agent, cipher, tls, group, trace, domain, , priority, created, actions, redirect, error] =
      fields.slice(13);
    if (!START.test(text) || request === undefined)
      return refuse('malformed', 'too few fields for a line of an ALB');
    const timestamp = parseIsoTime(time as string);
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${time}`);
    const ip = readAddressBeforePort(client as string);
    if (ip === undefined && client !== '-')
      return refuse('unknown_client', `is no client: ${JSON.stringify(client)}`);
    const line = parseRequestLine(unescapeClf(request));
    const times = [t1, t2, t3].map(Number);
    const data = {
      type,
      elb,
      target: textOf(target),
      target_status: statusOf(targetStatus),
      bytes_received: countOf(received),
      protocol: line?.protocol,
      request_line: line ? undefined : request,
      tls_cipher: textOf(cipher),
      tls_protocol: textOf(tls),
      target_group: textOf(group),
      trace: textOf(trace),
      rule_priority: textOf(priority),
      request_created: textOf(created),
      actions: textOf(actions),
      redirect_url: textOf(redirect),
      error_reason: textOf(error),
    };
    return {
      entry: {
        kind: 'request',
        timestamp,
        client_ip: ip,
        ...(line ? { method: line.method, path: line.path } : { message: request }),
        proxy_hostname: line?.host ?? readHost(domain ?? ''),
        status_code: statusOf(status),
        bytes_sent: countOf(sent),
        response_time_ms: times.some((seconds) => !(seconds >= 0))
          ? undefined
          : roundMs(times.reduce((sum, seconds) => sum + seconds, 0) * 1000),
        user_agent: textOf(unescapeClf(agent ?? '-')),
        data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
      },
    };
  },
};
