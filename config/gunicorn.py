"""How gunicorn serves: gunicorn -c config/gunicorn.py config.wsgi

Threads, so that a slow client or a slow statement does not hold a whole worker; a
proxy in front that buffers requests (docs/deploy.md) keeps slow clients away
altogether. Variables of the environment: WEB_BIND, WEB_WORKERS, WEB_THREADS.
"""

import gc
import os

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
# Workers are forked from a process that has loaded the program, and share its memory.
# The code of a new release needs a restart.
preload_app = True
# Seconds; what takes longer than a few is done in the background.
timeout = 60
graceful_timeout = 30
keepalive = 5
# A worker that grows is replaced.
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190
limit_request_field_size = 8190


def when_ready(server):
    """Leave alone what is loaded: collecting garbage would copy it to each worker."""
    gc.collect()
    gc.freeze()
