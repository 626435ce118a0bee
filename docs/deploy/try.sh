#!/usr/bin/env bash
# Follow docs/deploy.md in a folder of its own, as an ordinary user would on a bare
# machine, and open the site through nginx. Needs nginx, PostgreSQL on 127.0.0.1:5432
# (user postgres, trusted) and Redis on 127.0.0.1:6379. Stops what it started.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d) port=${PORT:-8391} name=framewise_try_$$
trap 'kill "${started[@]}" 2>/dev/null; wait 2>/dev/null; dropdb -h 127.0.0.1 -U postgres --if-exists "$name"; rm -rf "$folder"' EXIT
started=()

git clone --quiet "$here" "$folder/framewise" && cd "$folder/framewise"
python3 -m venv .venv && .venv/bin/pip install --quiet .
createdb -h 127.0.0.1 -U postgres "$name"
cat >"$folder/env" <<ENV
SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')
ALLOWED_HOSTS=framewise.example
DATABASE_URL=postgres://postgres@127.0.0.1:5432/$name
CACHE_URL=redis://127.0.0.1:6379/9
BEHIND_PROXY=on
HTTPS=off
LOG_FORMAT=json
WEB_BIND=127.0.0.1:$((port + 1))
ENV
set -a; . "$folder/env"; set +a
.venv/bin/python manage.py collectstatic --noinput --verbosity 0
.venv/bin/python manage.py migrate --verbosity 0
.venv/bin/python manage.py load_knowledge
.venv/bin/python manage.py create_first_editor >/dev/null
.venv/bin/gunicorn -c config/gunicorn.py config.wsgi & started+=($!)

sed "s/listen 80/listen 127.0.0.1:$port/; s/127.0.0.1:8000/127.0.0.1:$((port + 1))/" \
  docs/deploy/nginx.conf >"$folder/site.conf"
cat >"$folder/nginx.conf" <<NGINX
pid $folder/nginx.pid;
error_log $folder/error.log;
events {}
http { access_log $folder/access.log; include $folder/site.conf; }
NGINX
nginx -c "$folder/nginx.conf" -g 'daemon off;' & started+=($!)

open_page() { curl --silent --fail --retry 30 --retry-connrefused --retry-delay 1 \
  --header "Host: framewise.example" "http://127.0.0.1:$port$1"; }
open_page /readyz; echo
open_page / | grep --quiet "<h1"
open_page /compare/django-vs-flask/ | grep --quiet Flask
[ "$(open_page /metrics >/dev/null 2>&1; echo $?)" != 0 ]
.venv/bin/python manage.py backup "$folder/backup"
echo "The site was opened through nginx, and backed up."
