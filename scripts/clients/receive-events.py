"""Receives Berth's events: checks each signature and appends each body to a file. usage: receive-events.py PORT SECRET-FILE OUTPUT"""
import hashlib
import hmac
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

port, secret, output = int(sys.argv[1]), open(sys.argv[2]).read().strip().encode(), sys.argv[3]


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.answer(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = dict(part.split("=", 1) for part in self.headers["X-Berth-Signature"].split(","))
        expected = hmac.new(secret, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, parts["v1"]) or abs(time.time() - int(parts["t"])) > 300:
            return self.answer(403)
        with open(output, "ab") as file:
            file.write(body + b"\n")
        self.answer(204)


HTTPServer(("127.0.0.1", port), Receiver).serve_forever()
