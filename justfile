# The commands of the specification's "Log Query Commands". What each takes stands in apps/cli/src/recipes/recipe-table.ts:
# arguments by position or by name, --help. They reach the program through "$@", never through the shell's eyes.
set positional-arguments

tailrace := "node " + quote(justfile_directory() / "apps/cli/dist/main.js")

# List the recipes
[no-exit-message]
_default:
    @{{ quote(just_executable()) }} --list --unsorted --justfile {{ quote(justfile()) }}

# Recent logs
[no-exit-message]
logs *options: _built
    @exec {{ tailrace }} recipe logs "$@"

# Search for words and "phrases"
[no-exit-message]
logs-search *options: _built
    @exec {{ tailrace }} recipe logs-search "$@"

# Errors: level ERROR up, status 400 up
[no-exit-message]
logs-errors *options: _built
    @exec {{ tailrace }} recipe logs-errors "$@"

# Errors with all fields and stacks
[no-exit-message]
logs-errors-debug *options: _built
    @exec {{ tailrace }} recipe logs-errors-debug "$@"

# Errors with one cause as one line
[no-exit-message]
logs-error-groups *options: _built
    @exec {{ tailrace }} recipe logs-error-groups "$@"

# Messages that say the same, as one
[no-exit-message]
logs-patterns *options: _built
    @exec {{ tailrace }} recipe logs-patterns "$@"

# Logs of a client IP
[no-exit-message]
logs-ip ip *options: _built
    @exec {{ tailrace }} recipe logs-ip "$@"

# Logs of the host requests went to
[no-exit-message]
logs-proxy hostname *options: _built
    @exec {{ tailrace }} recipe logs-proxy "$@"

# Logs of a client's or proxy's host
[no-exit-message]
logs-hostname hostname *options: _built
    @exec {{ tailrace }} recipe logs-hostname "$@"

# Logs of a user
[no-exit-message]
logs-user user-id *options: _built
    @exec {{ tailrace }} recipe logs-user "$@"

# Logs of a session
[no-exit-message]
logs-session session-id *options: _built
    @exec {{ tailrace }} recipe logs-session "$@"

# Logs of a trace, across services
[no-exit-message]
logs-trace trace-id *options: _built
    @exec {{ tailrace }} recipe logs-trace "$@"

# Logs of an OAuth client
[no-exit-message]
logs-oauth-client client-id *options: _built
    @exec {{ tailrace }} recipe logs-oauth-client "$@"

# Logs about an object
[no-exit-message]
logs-object object-id *options: _built
    @exec {{ tailrace }} recipe logs-object "$@"

# Who did what
[no-exit-message]
logs-audit *options: _built
    @exec {{ tailrace }} recipe logs-audit "$@"

# Who did what to an entity, type:id
[no-exit-message]
logs-entity entity *options: _built
    @exec {{ tailrace }} recipe logs-entity "$@"

# What changed in an entity, type:id
[no-exit-message]
logs-history entity *options: _built
    @exec {{ tailrace }} recipe logs-history "$@"

# One run, step by step
[no-exit-message]
logs-run run-id *options: _built
    @exec {{ tailrace }} recipe logs-run "$@"

# What runs cost
[no-exit-message]
logs-costs *options: _built
    @exec {{ tailrace }} recipe logs-costs "$@"

# Check the signed audit trail
[no-exit-message]
audit-verify *options: _built
    @exec {{ tailrace }} recipe audit-verify "$@"

# OAuth activity of an IP, counted
[no-exit-message]
logs-oauth ip *options: _built
    @exec {{ tailrace }} recipe logs-oauth "$@"

# OAuth flows of an IP, step by step
[no-exit-message]
logs-oauth-debug ip *options: _built
    @exec {{ tailrace }} recipe logs-oauth-debug "$@"

# OAuth flows: how each ended, and why
[no-exit-message]
logs-oauth-flow *options: _built
    @exec {{ tailrace }} recipe logs-oauth-flow "$@"

# OAuth flows of a user, step by step
[no-exit-message]
logs-oauth-user username *options: _built
    @exec {{ tailrace }} recipe logs-oauth-user "$@"

# Requests of an HTTP method
[no-exit-message]
logs-method method *options: _built
    @exec {{ tailrace }} recipe logs-method "$@"

# Requests by status: 404, 4xx, 500-599
[no-exit-message]
logs-status code *options: _built
    @exec {{ tailrace }} recipe logs-status "$@"

# What took longer than so many ms
[no-exit-message]
logs-slow *options: _built
    @exec {{ tailrace }} recipe logs-slow "$@"

# Requests by path; * is any characters
[no-exit-message]
logs-path pattern *options: _built
    @exec {{ tailrace }} recipe logs-path "$@"

# Requests, errors, times, visitors
[no-exit-message]
logs-stats *options: _built
    @exec {{ tailrace }} recipe logs-stats "$@"

# Logs as they are written
[no-exit-message]
logs-follow *options: _built
    -@{{ tailrace }} recipe logs-follow "$@" || echo $? > "apps/cli/dist/.follow-$PPID"
    @code="apps/cli/dist/.follow-$PPID"; test ! -f "$code" || { read -r ended < "$code"; rm "$code"; exit "$ended"; }

# Logs of the Compose containers
[no-exit-message]
logs-docker *options: _built
    @exec {{ tailrace }} recipe logs-docker "$@"

# Logs of one Compose service
[no-exit-message]
logs-service *options: _built
    @exec {{ tailrace }} recipe logs-service "$@"

# Import access logs or JSON lines
[no-cd, no-exit-message]
logs-import file *flags: _built
    @exec {{ tailrace }} recipe logs-import "$@"

# What became of the entries of writers
[no-exit-message]
logs-delivery *options: _built
    @exec {{ tailrace }} recipe logs-delivery "$@"

# Figures beside the week before
[no-exit-message]
logs-analytics *options: _built
    @exec {{ tailrace }} recipe logs-analytics "$@"

# What is wrong, and was
[no-exit-message]
logs-alerts *options: _built
    @exec {{ tailrace }} recipe logs-alerts "$@"

# What logs take in Redis and in files
[no-exit-message]
logs-cost *options: _built
    @exec {{ tailrace }} recipe logs-cost "$@"

# What is kept in files
[no-exit-message]
logs-archive *options: _built
    @exec {{ tailrace }} recipe logs-archive "$@"

# Write an entry and read it back
[no-exit-message]
logs-test *options: _built
    @exec {{ tailrace }} recipe logs-test "$@"

# Remove all log data; asks first
[no-exit-message]
logs-clear *options: _built
    @exec {{ tailrace }} recipe logs-clear "$@"

# These commands with an example each
[no-exit-message]
logs-help: _built
    @{{ tailrace }} recipe logs-help

[no-exit-message]
_built:
    @test -f apps/cli/dist/main.js || { echo 'tailrace: not built yet; run: npx -y pnpm@10 build' >&2; exit 1; }

# Lint, format, types, packages, docs
[no-exit-message]
check:
    @npx -y pnpm@10 --dir {{ quote(justfile_directory()) }} check
