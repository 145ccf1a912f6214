"""A model's server, the first of two that know nothing of each other (the other is peer_models.mjs): sockets and bytes, so that it can
send what a well-made library would not. What it does follows from the model's id in the request."""
import json
import socket
import threading
import time


def chunk(content=None, finish=None, **more):
    delta = {} if content is None else {"content": content}
    return {"id": "chatcmpl-secret-17", "object": "chat.completion.chunk", "created": 1, "model": "vendor-internal-name",
            "system_fingerprint": "fp_secret", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


def event(o, end=b"\n"):
    return b"data: " + json.dumps(o, ensure_ascii=False).encode() + end + end


class Server:
    """`calls`: each request's (headers, body), as they came. `gate`: cleared, answers wait for it."""

    def __init__(self):
        self.calls, self.gate, self.lock = [], threading.Event(), threading.Lock()
        self.gate.set()
        self.text = {}                                # by model id, what it answers
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = "http://127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.gate.set()
        self.socket.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _read(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            part = client.recv(65536)
            if not part:
                return None, None
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        while len(body) < int(headers.get("Content-Length", 0)):
            body += client.recv(65536)
        return {"line": head.split(b"\r\n")[0].decode(), **headers}, json.loads(body)

    def _one(self, client):
        with client:
            try:
                headers, body = self._read(client)
                if body is None:
                    return
                with self.lock:
                    self.calls.append((headers, body))
                    nth = sum(1 for _, b in self.calls if b["model"] == body["model"])
                self.gate.wait(60)
                getattr(self, body["model"].replace("-", "_"), self.normal)(client, body, nth)
            except OSError:
                pass

    def _head(self, client, status=200, type_="text/event-stream", more=()):
        lines = ["HTTP/1.1 %d X" % status, "Content-Type: " + type_, "Connection: close", *more]
        client.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")

    def say(self, body):
        return self.text.get(body["model"], "A short answer to: " + body["messages"][0]["content"][:40])

    def normal(self, client, body, nth):
        self._head(client)
        client.sendall(event(chunk("")))
        for word in self.say(body).split(" "):
            client.sendall(event(chunk(word + " ")))
        client.sendall(event(chunk(None, "stop")) + event({"choices": [], "usage": {"total_tokens": 9}}) + b"data: [DONE]\n\n")

    def split(self, client, body, nth):
        """Chinese text and an emoji, cut at every byte."""
        self._head(client)
        said = b"".join(event(chunk(c)) for c in "注意力汇聚 🙂 的意思") + event(chunk(None, "stop")) + b"data: [DONE]\n\n"
        for i in range(len(said)):
            client.sendall(said[i:i + 1])

    def keepalive(self, client, body, nth):
        self._head(client)
        for _ in range(5):
            client.sendall(b": ping\n\n")
            time.sleep(0.1)
        client.sendall(b"event: message\nid: 1\nretry: 5\n" + event(chunk("alive")) + b":\n\n" + event(chunk(None, "stop")) +
                       b"data: [DONE]\n\n")

    def error_inside(self, client, body, nth):
        """200, a good beginning, then an error; the second attempt is good."""
        if nth % 2 == 0:
            return self.normal(client, body, nth)
        self._head(client)
        client.sendall(event(chunk("a good begin")) + event({"error": {"message": "CUDA out of memory", "code": 500}}))

    def error_always(self, client, body, nth):
        self._head(client)
        client.sendall(event({"error": {"message": "always", "code": "x"}}))

    def stall(self, client, body, nth):
        """Says nothing more after the first word, the first time."""
        if nth % 2 == 0:
            return self.normal(client, body, nth)
        self._head(client)
        client.sendall(event(chunk("half an")))
        time.sleep(90)

    def too_many(self, client, body, nth):
        """429 with a time to wait, once; then well."""
        if nth % 2 == 0:
            return self.normal(client, body, nth)
        said = json.dumps({"error": {"message": "slow down", "type": "rate", "param": None, "code": 429}}).encode()
        self._head(client, 429, "application/json", ["Retry-After: 1", "Content-Length: %d" % len(said)])
        client.sendall(said)

    def cut(self, client, body, nth):
        self._head(client)
        client.sendall(event(chunk("cut at the len")) + event(chunk(None, "length")) + b"data: [DONE]\n\n")

    def empty(self, client, body, nth):
        self._head(client)
        client.sendall(event(chunk("")) + event(chunk(None, "stop")) + b"data: [DONE]\n\n")

    def filtered(self, client, body, nth):
        self._head(client)
        client.sendall(event(chunk("I c")) + event(chunk(None, "content_filter")) + b"data: [DONE]\n\n")

    def marks(self, client, body, nth):
        """Invisible characters, control characters, a mark of direction."""
        self._head(client)
        client.sendall(event(chunk("zero\u200bwidth \u202eturned\u0007 tab\there caf\u0065\u0301")) + event(chunk(None, "stop")) + b"data: [DONE]\n\n")
