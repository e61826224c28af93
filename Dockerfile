# The portal as an image (target: portal) and nginx before it (target: nginx). docs/running.md.

FROM python:3.11-slim-bookworm AS portal
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig fonts-dejavu-core libfontconfig1 libharfbuzz0b libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
# public and static are volumes of their own: nginx sees these two and nothing else of the data folder.
RUN useradd --uid 10001 --user-group --home-dir /nowhere --shell /usr/sbin/nologin portal \
    && mkdir -p /data/public /data/static /backups \
    && chown -R portal:portal /data /backups \
    && chmod -R 0700 /data /backups
WORKDIR /portal
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN python -m compileall -q accounts ccp_portal certification compliance core transparency
ENV PORTAL_DATA=/data \
    PYTHONPATH=/portal \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp/cache \
    BEHIND_PROXY=true
USER portal
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "1", "--no-ws", "--log-level", "warning", "--respawn-failed-workers", \
     "--workers-kill-timeout", "30", "ccp_portal.wsgi:application"]

FROM debian:bookworm-slim AS nginx
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx-light libnginx-mod-http-brotli-static \
    && rm -rf /var/lib/apt/lists/*
# The same number as the portal's user, who alone may read what the portal writes.
RUN useradd --uid 10001 --user-group --home-dir /nowhere --shell /usr/sbin/nologin portal \
    && mkdir -p /data/public /data/static /data/run \
    && chown -R portal:portal /data
COPY deploy/nginx.conf /etc/portal/nginx.conf
COPY deploy/nginx /etc/portal/nginx
USER portal
EXPOSE 8080
STOPSIGNAL SIGQUIT
CMD ["nginx", "-p", "/data", "-c", "/etc/portal/nginx.conf", "-g", "daemon off;"]
