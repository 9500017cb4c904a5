#!/bin/sh
# The whole life of an account, as curl commands: set-up, invitation, registration, settings, sessions, a key for a program, a ticket
# for a WebSocket, a new password, a forgotten one, and the end. Every status is checked; it stops at the first surprise.
#
#   PORTAL=http://127.0.0.1:8787 SETUP='/setup#rcf_…' ADMIN_EMAIL=ada@example.com ADMIN_PASSWORD='…' sh docs/account-life.sh
#
# SETUP is the end of the link that `make run` prints while there is no account; without it, the admin signs in.
set -eu

PASSWORD='a sentence that nobody guesses'
GUEST="grace.$$.$(date +%s)@example.com"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# call STATUS METHOD PATH [BODY] [curl options]: a request of a page, with the cookies in $jar; the answer is left in $work/answer.
jar=$work/admin
call() {
  expected=$1 method=$2 path=$3 body=${4:-}
  [ $# -lt 4 ] && shift 3 || shift 4
  set -- "$@" -X "$method" -H "origin: $PORTAL" -H 'x-csrf-protection: 1' -b "$jar" -c "$jar"
  [ -z "$body" ] || set -- "$@" -H 'content-type: application/json' --data "$body"
  status=$(curl -sS -o "$work/answer" -w '%{http_code}' "$@" "$PORTAL$path")
  printf '%-6s %-40s %s\n' "$method" "$path" "$status"
  [ "$status" = "$expected" ] || { echo "expected $expected:"; cat "$work/answer"; exit 1; }
}
# program STATUS METHOD PATH [BODY]: a request of a program, with the key in $key.
program() {
  status=$(curl -sS -o "$work/answer" -w '%{http_code}' -X "$2" -H "authorization: Bearer $key" ${4:+-H 'content-type: application/json' --data "$4"} "$PORTAL$3")
  printf '%-6s %-40s %s  (program)\n' "$2" "$3" "$status"
  [ "$status" = "$1" ] || { echo "expected $1:"; cat "$work/answer"; exit 1; }
}
# member NAME: the first text of that name in the answer.
member() { tr ',{' '\n\n' <"$work/answer" | sed -n "s/^\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }

call 200 GET /api/auth/setup/
if grep -q '"set_up":false' "$work/answer"; then
  call 201 POST /api/auth/setup/ "{\"code\":\"${SETUP#*#}\",\"email\":\"$ADMIN_EMAIL\",\"password\":\"$ADMIN_PASSWORD\"}"
else
  call 200 POST /api/auth/login/ "{\"email\":\"$ADMIN_EMAIL\",\"password\":\"$ADMIN_PASSWORD\"}"
fi
call 201 POST /api/admin/invitations/ "{\"email\":\"$GUEST\"}"
invitation=$(member token)

jar=$work/guest
call 401 GET /api/auth/me/
call 201 POST /api/auth/register/ "{\"email\":\"$GUEST\",\"password\":\"$PASSWORD\",\"invitation\":\"$invitation\"}"
call 403 POST /api/auth/register/ "{\"email\":\"other.$GUEST\",\"password\":\"$PASSWORD\",\"invitation\":\"$invitation\"}"
call 200 PATCH /api/auth/me/ '{"instructions":"Be brief.","time_zone":"Europe/Berlin","language":"de"}'
call 403 GET /api/admin/invitations/

# Another browser signs in, and is signed out from here.
jar=$work/other
call 401 POST /api/auth/login/ "{\"email\":\"$GUEST\",\"password\":\"not the password\"}"
call 200 POST /api/auth/login/ "{\"email\":\"$GUEST\",\"password\":\"$PASSWORD\"}"
call 200 GET /api/auth/sessions/
other=$(tr ',{' '\n\n' <"$work/answer" | sed -n 's/^"current":"\([^"]*\)".*/\1/p')
jar=$work/guest
call 204 DELETE "/api/auth/sessions/$other/"
jar=$work/other
call 401 GET /api/auth/me/

# A key for a program, which chats with it and gets a ticket for a socket.
jar=$work/guest
call 201 POST /api/auth/api_keys/ '{"name":"laptop","scopes":["read","chat"]}'
key=$(member key) key_id=$(member id)
program 201 POST /api/conversations/ '{"title":"By a program"}'
program 200 GET /api/conversations/
program 201 POST /api/auth/ws_ticket/
program 403 GET /api/auth/sessions/
call 200 GET /api/auth/api_keys/
call 204 DELETE "/api/auth/api_keys/$key_id/"
program 401 GET /api/conversations/

# Another password; then it is forgotten, and the admin makes a link.
call 204 POST /api/auth/password/ "{\"current_password\":\"$PASSWORD\",\"new_password\":\"another sentence, just as long\"}"
jar=$work/admin
call 201 POST /api/admin/reset_links/ "{\"email\":\"$GUEST\"}"
reset=$(member token)
jar=$work/guest
call 204 POST /api/auth/reset/ "{\"token\":\"$reset\",\"new_password\":\"$PASSWORD\"}"
call 403 POST /api/auth/reset/ "{\"token\":\"$reset\",\"new_password\":\"$PASSWORD\"}"
call 401 GET /api/auth/me/
call 200 POST /api/auth/login/ "{\"email\":\"$GUEST\",\"password\":\"$PASSWORD\"}"
call 204 POST /api/auth/logout_everywhere/
call 401 GET /api/auth/me/

# The end, with a receipt.
call 200 POST /api/auth/login/ "{\"email\":\"$GUEST\",\"password\":\"$PASSWORD\"}"
call 403 DELETE /api/auth/me/ '{"password":"not the password"}'
call 200 DELETE /api/auth/me/ "{\"password\":\"$PASSWORD\"}"
cat "$work/answer"
echo
call 401 POST /api/auth/login/ "{\"email\":\"$GUEST\",\"password\":\"$PASSWORD\"}"
jar=$work/admin
call 204 POST /api/auth/logout/
echo 'The whole life went as it should.'
