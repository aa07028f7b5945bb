# The commands of the specification's "Log Query Commands". Arguments go by position; '' means the default.
# They reach the program through "$1"…, never through the shell's eyes.
set positional-arguments

tailrace := "node " + quote(justfile_directory() / "apps/cli/dist/main.js")

help := '''
Look at logs (oldest to newest, the newest at the bottom; '' leaves an argument at its default)
  just logs [hours] [event] [level] [hostname] [limit] [token]                   just logs 1 '' ERROR
  just logs-search [query] [hours] [event] [level] [hostname] [limit] [token]    just logs-search "timeout" 24
  just logs-errors [hours] [limit] [token]                                       just logs-errors 1 10
  just logs-errors-debug [hours] [include-warnings] [limit] [token]              just logs-errors-debug 1 yes 5

Look something up
  just logs-ip <ip> [hours] [event] [level] [limit] [token]                      just logs-ip 192.168.1.1 24
  just logs-proxy <hostname> [hours] [limit] [token]                             just logs-proxy api.example.com
  just logs-hostname <hostname> [hours] [limit] [token]                          just logs-hostname client.example.com
  just logs-user <user-id> [hours] [limit] [token]                               just logs-user github-123
  just logs-session <session-id> [hours] [limit] [token]                         just logs-session 6f1d2c
  just logs-oauth-client <client-id> [hours] [event] [level] [limit] [token]     just logs-oauth-client my-app

Look at OAuth flows
  just logs-oauth <ip> [hours] [limit] [token]                                   just logs-oauth 192.168.1.1
  just logs-oauth-debug <ip> [hours] [limit] [token]                             just logs-oauth-debug 192.168.1.1 1
  just logs-oauth-flow [client-id] [username] [hours] [token]                    just logs-oauth-flow my-app
  just logs-oauth-user <username> [hours] [limit] [token]                        just logs-oauth-user github-123

Look at requests
  just logs-method <method> [hours] [limit] [token]                              just logs-method POST 1
  just logs-status <code> [hours] [limit] [token]                                just logs-status 5xx
  just logs-slow [threshold-ms] [hours] [limit] [token]                          just logs-slow 500 1
  just logs-path <pattern> [hours] [limit] [token]                               just logs-path '/users/*'

Figures
  just logs-stats [hours] [token]                                                just logs-stats 1

Watch
  just logs-follow [interval] [event] [level] [hostname] [token]                 just logs-follow
    an interval that is no number is words to search for                         just logs-follow api

Docker Compose
  just logs-docker [lines] [follow]                                              just logs-docker 50 yes
  just logs-service [service] [lines]                                            just logs-service valkey 20

Operate
  just logs-import <file> [flags]                                                just logs-import access.log --rebase-to-now
  just logs-delivery [token]                                                     just logs-delivery
  just logs-test [token]                                                         just logs-test
  just logs-clear [token]                                                        just logs-clear
  just logs-help                                                                 just logs-help

The gateway is looked for at TAILRACE_URL (default http://127.0.0.1:4680), with TAILRACE_TOKEN.
More filters, JSON and paging: node apps/cli/dist/main.js --help
'''

# List the recipes
[no-exit-message]
_default:
    @{{ quote(just_executable()) }} --list --unsorted --justfile {{ quote(justfile()) }}

# Show recent logs
[no-exit-message]
logs hours='24' event='' level='' hostname='' limit='100' token='': _built
    @{{ tailrace }} logs --hours="$1" --event="$2" --level="$3" --hostname="$4" --limit="$5" --token="$6"

# Show logs of a client IP
[no-exit-message]
logs-ip ip hours='24' event='' level='' limit='100' token='': _built
    @{{ tailrace }} ip --hours="$2" --event="$3" --level="$4" --limit="$5" --token="$6" -- "$1"

# Show logs of a proxy hostname, the one requests were made to
[no-exit-message]
logs-proxy hostname hours='24' limit='100' token='': _built
    @{{ tailrace }} proxy --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show logs of a hostname, the client's or the proxy's
[no-exit-message]
logs-hostname hostname hours='24' limit='100' token='': _built
    @{{ tailrace }} hostname --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show logs of an OAuth client
[no-exit-message]
logs-oauth-client client-id hours='24' event='' level='' limit='100' token='': _built
    @{{ tailrace }} client --hours="$2" --event="$3" --level="$4" --limit="$5" --token="$6" -- "$1"

# Show the OAuth activity of a client IP, counted: by client, user, step and outcome, and what went wrong
[no-exit-message]
logs-oauth ip hours='24' limit='100' token='': _built
    @{{ tailrace }} oauth --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show every OAuth flow of a client IP step by step, with requests, tokens, times, and why it failed
[no-exit-message]
logs-oauth-debug ip hours='24' limit='100' token='': _built
    @{{ tailrace }} oauth-debug --hours="$2" --limit="$3" --token="$4" -- "$1"

# List OAuth flows: complete, failed or abandoned, where and why
[no-exit-message]
logs-oauth-flow client-id='' username='' hours='24' token='': _built
    @{{ tailrace }} oauth-flow --client-id="$1" --username="$2" --hours="$3" --token="$4"

# Show the OAuth flows of a user step by step
[no-exit-message]
logs-oauth-user username hours='24' limit='100' token='': _built
    @{{ tailrace }} oauth-user --hours="$2" --limit="$3" --token="$4" -- "$1"

# Search logs for words and "quoted phrases", with filters
[no-exit-message]
logs-search query='' hours='24' event='' level='' hostname='' limit='100' token='': _built
    @{{ tailrace }} search --hours="$2" --event="$3" --level="$4" --hostname="$5" --limit="$6" --token="$7" -- "$1"

# Show recent errors: level ERROR and up, and status 400 and up
[no-exit-message]
logs-errors hours='24' limit='100' token='': _built
    @{{ tailrace }} errors --hours="$1" --limit="$2" --token="$3"

# Show recent errors with all their fields, stacks and causes; include-warnings: yes, or no (the default)
[no-exit-message]
logs-errors-debug hours='24' include-warnings='no' limit='100' token='': _built
    @{{ tailrace }} errors-debug --hours="$1" --include-warnings="$2" --limit="$3" --token="$4"

# Follow logs as they are written; interval: seconds between refreshes, or words to search for
[no-exit-message]
logs-follow interval='0' event='' level='' hostname='' token='': _built
    @exec {{ tailrace }} follow --event="$2" --level="$3" --hostname="$4" --token="$5" -- "$1"

# Test the logging system: write an entry and read it back
[no-exit-message]
logs-test token='': _built
    @{{ tailrace }} test --token="$1"

# Show logs of a user
[no-exit-message]
logs-user user-id hours='24' limit='100' token='': _built
    @{{ tailrace }} user --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show logs of a session
[no-exit-message]
logs-session session-id hours='24' limit='100' token='': _built
    @{{ tailrace }} session --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show requests of an HTTP method
[no-exit-message]
logs-method method hours='24' limit='100' token='': _built
    @{{ tailrace }} method --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show requests by status: 404, 4xx or 500-599
[no-exit-message]
logs-status code hours='24' limit='100' token='': _built
    @{{ tailrace }} status --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show requests that took longer than so many milliseconds
[no-exit-message]
logs-slow threshold-ms='1000' hours='24' limit='100' token='': _built
    @{{ tailrace }} slow --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show requests by path; * stands for any characters
[no-exit-message]
logs-path pattern hours='24' limit='100' token='': _built
    @{{ tailrace }} path --hours="$2" --limit="$3" --token="$4" -- "$1"

# Show figures: requests, errors, response times, visitors, statuses, levels, paths, events
[no-exit-message]
logs-stats hours='24' token='': _built
    @{{ tailrace }} stats --hours="$1" --token="$2"

# Show the logs of the Docker Compose containers; follow: yes, or no (the default)
[no-exit-message]
logs-docker lines='100' follow='no':
    @case "$2" in ''|no|false|0|off) set -- "$1" ;; *) set -- "$1" --follow ;; esac; exec docker compose logs --tail="$@"

# Show the logs of one Docker Compose service
[no-exit-message]
logs-service service='gateway' lines='100':
    @exec docker compose logs --tail="$2" -- "$1"

# Show what became of the entries of every writer: written, waiting, lost and why
[no-exit-message]
logs-delivery token='': _built
    @{{ tailrace }} delivery --token="$1"

# Remove all log data from Redis, statistics included; asks first
[no-exit-message]
logs-clear token='': _built
    @{{ tailrace }} clear --token="$1"

# Import an access log or JSON lines (- for standard input); flags: --rebase-to-now --strict --refused=FILE
[no-cd, no-exit-message]
logs-import file *flags: _built
    @file="$1"; shift; exec {{ tailrace }} import "$@" -- "$file"

# Show these commands with an example each
[no-exit-message]
logs-help:
    @printf '%s' {{ quote(help) }}

[no-exit-message]
_built:
    @test -f apps/cli/dist/main.js || { echo 'tailrace: not built yet; run: npx -y pnpm@10 start' >&2; exit 1; }

# Lint, format, import rules, types, packages and docs
[no-exit-message]
check:
    @npx -y pnpm@10 --dir {{ quote(justfile_directory()) }} check
