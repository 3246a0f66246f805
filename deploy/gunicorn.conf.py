"""gunicorn in production. Each thread keeps a connection of its own, with the plans it learned: PostgreSQL must allow
WEB_WORKERS × WEB_THREADS of them beside those of the workers (README.md, Connections)."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
worker_tmp_dir = "/dev/shm"  # a slow disk must not look like a dead worker
max_requests = 5000  # a slow leak never grows old
max_requests_jitter = 500
timeout = 60
graceful_timeout = 30
raw_env = [
    f"API_TOKEN_MEMORY={os.environ.get('API_TOKEN_MEMORY', '2')}",  # a withdrawn token may live so many seconds
    f"DB_CONN_MAX_AGE={os.environ.get('DB_CONN_MAX_AGE', '600')}",
]
keepalive = 75  # longer than the proxy's, which then never meets a connection that is just closing
preload_app = True
control_socket_disable = True
