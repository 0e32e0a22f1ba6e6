#!/usr/bin/env python3
"""Serves Init Lab from a USB stick or any folder, and opens it in the browser.

    python3 serve.py            for this machine alone
    python3 serve.py --class    for the other machines of the room too

It needs Python 3.7 or later and nothing else, and sends nothing anywhere.
Browsers do not run the lab from the disk: they take its programs only from a server,
and only under the right types, which Python by itself takes from the system.
"""

import argparse
import functools
import http.server
import os
import socket
import sys
import threading
import webbrowser

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")
PORT = 8377
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Those of docs/hosting.md, so that slides and notebooks on this machine can have a lab in a frame.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def guess_type(self, path):
        return TYPES.get(os.path.splitext(str(path))[1].lower(), "application/octet-stream")

    def end_headers(self):
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path):
        self.send_error(404)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    # On Windows, reusing an address would share a port that somebody else has.
    allow_reuse_address = os.name != "nt"
    daemon_threads = True

    def handle_error(self, request, client_address):
        # A reader who turned away is no news; all else is.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def own_address():
    """The address of this machine in its network, without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return None


def begin(host, port):
    handler = functools.partial(Handler, directory=FOLDER)
    try:
        return Server((host, port), handler)
    except OSError:
        return Server((host, 0), handler)


def main():
    parser = argparse.ArgumentParser(description="Serves Init Lab from this folder / Chạy Init Lab từ thư mục này")
    parser.add_argument("--port", type=int, default=PORT, help=f"{PORT} if free, else any")
    parser.add_argument("--class", dest="room", action="store_true", help="for the other machines of the room too")
    parser.add_argument("--quiet", action="store_true", help="opens no browser")
    asked = parser.parse_args()
    if not os.path.exists(os.path.join(FOLDER, "index.html")):
        sys.exit(f"There is no site in {FOLDER}: serve.py belongs beside the folder site.")
    server = begin("" if asked.room else "127.0.0.1", asked.port)
    port = server.server_address[1]
    home = f"http://localhost:{port}/"
    print(f"Init Lab: {home}", flush=True)
    if asked.room:
        print(f"For the class / Cho cả lớp: http://{own_address() or 'THIS-MACHINE'}:{port}/", flush=True)
    print("Close this window to stop / Đóng cửa sổ này để dừng", flush=True)
    if not asked.quiet:
        threading.Thread(target=webbrowser.open, args=(home,), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    # Windows' console may know no Vietnamese, which is no reason to stop.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    main()
