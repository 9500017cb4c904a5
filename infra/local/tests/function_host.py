"""Stands in for the program that hosts the functions: takes their events over HTTP and answers as a test says."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Event = dict[str, Any]
Answer = Callable[[Event], Any]


class FunctionFailed(Exception):
    """Raised by an answer to let the function fail."""


class FunctionHost:
    """Answers every event with status 200 unless `answers` has an entry for the function; keeps all events."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self._events: list[tuple[str, Event]] = []
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, function: str) -> str:
        """Returns where the function takes its events."""
        return f"http://127.0.0.1:{self._server.server_port}/{function}"

    def next_event(self, function: str, wanted: Callable[[Event], bool] = lambda _: True, timeout: float = 5) -> Event | None:
        """Waits for an event of the function and takes it; none within the time is `None`."""
        with self._arrived:
            found = self._arrived.wait_for(lambda: self._find(function, wanted), timeout)
            if found:
                self._events.remove(found)
                return found[1]
            return None

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()

    def _find(self, function: str, wanted: Callable[[Event], bool]) -> tuple[str, Event] | None:
        return next((entry for entry in self._events if entry[0] == function and wanted(entry[1])), None)

    def _handler(host) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                function = self.path.strip("/")
                event = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with host._arrived:
                    host._events.append((function, event))
                    host._arrived.notify_all()
                answer = host.answers.get(function, lambda _: {"statusCode": 200})
                try:
                    status, body = 200, json.dumps(answer(event)).encode()
                except FunctionFailed as failure:
                    status, body = 500, json.dumps({"errorMessage": str(failure)}).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
