"""Answers that carry files: always an attachment, or a picture that we made ourselves."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, abort

from housing_portal.core import storage, uploads

SEALED_OFF = "default-src 'none'; sandbox"


def file_response(data: bytes, media_type: str, name: str) -> Response:
    """A download; the browser never opens it inside the portal."""
    response = Response(data, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = SEALED_OFF
    return response


def stored_file_response(sha256: str, media_type: str, name: str) -> Response:
    """A stored file as a download."""
    return file_response(storage.get(sha256), media_type, name)


def picture_response(sha256: str, number: int) -> Response:
    """Page ``number`` of a stored document as JPEG, for a viewer; 404 when there is no such page."""
    try:
        picture = uploads.page_picture(storage.get(sha256), number)
    except uploads.FileRefused:
        abort(404)
    response = Response(picture, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SEALED_OFF
    response.headers["Cache-Control"] = "private, max-age=600"
    return response
