"""Makes finished pages again before somebody has to wait for them."""

from __future__ import annotations

from celery import shared_task
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from elbe_elster.snapshots import store


@shared_task(ignore_result=True)
def refresh_pages() -> int:
    """Every page people asked for in the last day, made anew. Gives their number. Repeatable."""
    handler = WSGIHandler()
    pages = store.remembered_pages()
    for host, secure, path in pages:
        handler.get_response(_request(host, path, secure=secure)).close()
    return len(pages)


def _request(host: str, path: str, *, secure: bool) -> WSGIRequest:
    """A visitor's request without cookies that asks for a new rendering."""
    from io import BytesIO

    name, _colon, port = host.partition(":")
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": "",
            "HTTP_HOST": host,
            "SERVER_NAME": name,
            "SERVER_PORT": port or "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "https" if secure else "http",
            "wsgi.input": BytesIO(),
            "HTTP_X_FORWARDED_PROTO": "https" if secure else "http",
        }
    )
    request.makes_snapshot = True  # type: ignore[attr-defined]  # read by the middleware
    return request
