import type { Format, Wrapper } from './format.js';
import { apacheError } from './formats/apache-error.js';
import { auditLog } from './formats/audit-log.js';
import { awsAlb } from './formats/aws-alb.js';
import { caddy } from './formats/caddy.js';
import { clf } from './formats/clf.js';
import { cloudflareHttp } from './formats/cloudflare-http.js';
import { ecs } from './formats/ecs.js';
import { envoyJson } from './formats/envoy-json.js';
import { envoyText } from './formats/envoy-text.js';
import { failcoreTrace } from './formats/failcore-trace.js';
import { gcpLogEntry } from './formats/gcp-logentry.js';
import { gelf } from './formats/gelf.js';
import { haproxyHttp } from './formats/haproxy-http.js';
import { journaldJson } from './formats/journald-json.js';
import { jsonLines } from './formats/json-lines.js';
import { k8sAudit } from './formats/k8s-audit.js';
import { keycloakEvents, keycloakJson } from './formats/keycloak-json.js';
import { keycloakText } from './formats/keycloak-text.js';
import { log4j2Json } from './formats/log4j2-json.js';
import { logfmt } from './formats/logfmt.js';
import { mongodb } from './formats/mongodb.js';
import { nginxError } from './formats/nginx-error.js';
import { nginxJson } from './formats/nginx-json.js';
import { otlpJson } from './formats/otlp-json.js';
import { bunyan, pino } from './formats/pino.js';
import { plainText } from './formats/plain-text.js';
import { pythonJson } from './formats/python-json.js';
import { rustTracing } from './formats/rust-tracing.js';
import { serilogCompact } from './formats/serilog-compact.js';
import { traefikClf } from './formats/traefik-clf.js';
import { traefikJson } from './formats/traefik-json.js';
import { awsCloudfront, iisW3c } from './formats/w3c.js';
import { winston } from './formats/winston.js';
import { dockerCompose } from './wrappers/docker-compose.js';
import { dockerJsonFile } from './wrappers/docker-json-file.js';
import { kubernetesCri } from './wrappers/kubernetes-cri.js';
import { syslogRfc3164 } from './wrappers/syslog-rfc3164.js';
import { syslogRfc5424 } from './wrappers/syslog-rfc5424.js';

/** Every wrapper, in the order in which a line is shown to them; before all formats. */
export const WRAPPERS: readonly Wrapper[] = [
  dockerJsonFile,
  kubernetesCri,
  syslogRfc5424,
  syslogRfc3164,
  dockerCompose,
];

/** Every format, in the order in which a line is shown to them: those with the clearest marks first. */
export const FORMATS: readonly Format[] = [
  keycloakText,
  nginxError,
  apacheError,
  envoyText,
  awsAlb,
  haproxyHttp,
  traefikClf,
  clf,
  otlpJson,
  k8sAudit,
  journaldJson,
  mongodb,
  serilogCompact,
  gelf,
  gcpLogEntry,
  cloudflareHttp,
  traefikJson,
  caddy,
  envoyJson,
  nginxJson,
  keycloakJson,
  keycloakEvents,
  log4j2Json,
  ecs,
  rustTracing,
  pythonJson,
  auditLog,
  failcoreTrace,
  bunyan,
  pino,
  winston,
  jsonLines,
  awsCloudfront,
  iisW3c,
  logfmt,
  plainText,
];

/** The format or wrapper of a name, as `--format` takes it. */
export function formatNamed(name: string): Format | Wrapper | undefined {
  return [...WRAPPERS, ...FORMATS].find((format) => format.name === name);
}
