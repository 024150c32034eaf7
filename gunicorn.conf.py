"""How gunicorn runs the site, in trial and in real use (read from the current folder)."""

import os

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 120  # an upload is read while the clock runs
graceful_timeout = 15
max_requests = 5000  # a worker that has grown is replaced by a fresh one
max_requests_jitter = 500
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
loglevel = "warning"
control_socket_disable = True
