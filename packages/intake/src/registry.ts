import type { Format, Wrapper } from './format.js';
import { caddy } from './formats/access-json/caddy.js';
import { cloudflareHttp } from './formats/access-json/cloudflare-http.js';
import { envoyJson } from './formats/access-json/envoy-json.js';
import { nginxJson } from './formats/access-json/nginx-json.js';
import { traefikJson } from './formats/access-json/traefik-json.js';
import { gelf } from './formats/logger-json/gelf.js';
import { journaldJson } from './formats/logger-json/journald-json.js';
import { log4j2Json } from './formats/logger-json/log4j2-json.js';
import { mongodb } from './formats/logger-json/mongodb.js';
import { bunyan, pino } from './formats/logger-json/pino.js';
import { pythonJson } from './formats/logger-json/python-json.js';
import { rustTracing } from './formats/logger-json/rust-tracing.js';
import { serilogCompact } from './formats/logger-json/serilog-compact.js';
import { winston } from './formats/logger-json/winston.js';
import { auditLog } from './formats/platform-json/audit-log.js';
import { ecs } from './formats/platform-json/ecs.js';
import { failcoreTrace } from './formats/platform-json/failcore-trace.js';
import { gcpLogEntry } from './formats/platform-json/gcp-logentry.js';
import { jsonLines } from './formats/platform-json/json-lines.js';
import { k8sAudit } from './formats/platform-json/k8s-audit.js';
import { keycloakEvents, keycloakJson } from './formats/platform-json/keycloak-json.js';
import { otlpJson } from './formats/platform-json/otlp-json.js';
import { apacheError } from './formats/text/apache-error.js';
import { awsAlb } from './formats/text/aws-alb.js';
import { clf } from './formats/text/clf.js';
import { envoyText } from './formats/text/envoy-text.js';
import { haproxyHttp } from './formats/text/haproxy-http.js';
import { keycloakText } from './formats/text/keycloak-text.js';
import { logfmt } from './formats/text/logfmt.js';
import { nginxError } from './formats/text/nginx-error.js';
import { plainText } from './formats/text/plain-text.js';
import { traefikClf } from './formats/text/traefik-clf.js';
import { awsCloudfront, iisW3c } from './formats/text/w3c.js';
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
