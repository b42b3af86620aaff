"""A small web service: a page, its version, and a health check."""

import os
from pathlib import Path

from flask import Flask, Response, jsonify

app = Flask(__name__, static_folder=None)

PAGE = Path(__file__).with_name("static") / "index.html"


@app.get("/")
def page() -> Response:
    """The page that was rendered when the image was built."""
    return Response(PAGE.read_text(encoding="utf-8"), mimetype="text/html")


@app.get("/version")
def version() -> Response:
    """The commit that the image was built from."""
    return jsonify(revision=os.environ.get("GIT_SHA", "unknown"))


@app.get("/health")
def health() -> Response:
    """The service is up, and can read its page."""
    return jsonify(status="ok", page=PAGE.stat().st_size)
