// A model's server, the second of two that know nothing of each other (the first is peer_models.py): Node.js's own HTTP server, with
// chunked transfer coding. What it does follows from the model's id. Prints its port; ends with its standard input.
import { createServer } from "node:http";

const piece = (content, finish = null) => ({
  id: "chatcmpl-node-secret", object: "chat.completion.chunk", created: 2, model: "other-internal-name",
  choices: [{ index: 0, delta: content === null ? {} : { role: "assistant", content }, finish_reason: finish }],
});
const data = (o, end = "\n") => `data: ${JSON.stringify(o)}${end}${end}`;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const calls = new Map();

const answers = {
  async whole(res, ask) { // no stream at all
    res.writeHead(200, { "Content-Type": "application/json" });
    res.end(JSON.stringify({ id: "x", object: "chat.completion", model: "other-internal-name",
      choices: [{ index: 0, message: { role: "assistant", content: `All at once: ${ask}` }, finish_reason: "stop" }],
      usage: { total_tokens: 3 } }));
  },
  async null_usage(res, ask) { // the counts come with choices null, and once without the key
    res.write(data(piece(`Counted: ${ask}`)));
    res.write(data(piece(null, "stop")));
    res.write(data({ choices: null, usage: { total_tokens: 4 } }));
    res.write(data({ usage: { total_tokens: 4 } }));
    res.end("data: [DONE]\n\n");
  },
  async carriage(res, ask) { // lines end in CR alone
    res.write(data(piece(`Returned: ${ask}`), "\r"));
    await wait(50);
    res.write(data(piece(null, "stop"), "\r"));
    res.end("data: [DONE]\r\r");
  },
  async no_done(res, ask) { // closes without [DONE]
    res.write(data(piece(`Done: ${ask}`), "\r\n"));
    res.end(data(piece(null, "stop"), "\r\n"));
  },
  async never_closes(res, ask) { // says that it is done, and stays
    res.write(data(piece(`Stays: ${ask}`)));
    res.write(data(piece(null, "stop")) + "data: [DONE]\n\n");
    await wait(60000);
    res.end();
  },
  async named(res) { // says who it is
    res.write(data(piece("As NORTHWIND's own assistant, I ")));
    res.write(data(piece("can help.", "stop")));
    res.end("data: [DONE]\n\n");
  },
  async reasons(res, ask) { // thinks aloud in a vendor's field, declines in the field made for it
    res.write(data({ choices: [{ index: 0, delta: { reasoning_content: "SECRET-THOUGHT" }, finish_reason: null }] }));
    res.write(data({ choices: [{ index: 0, delta: { refusal: "I would rather not." }, finish_reason: "stop" }] }));
    res.end("data: [DONE]\n\n");
  },
  async busy(res) { // always
    res.writeHead(503, { "Content-Type": "text/html" });
    res.end("<html>busy</html>");
  },
};

const server = createServer((req, res) => {
  let body = "";
  req.setEncoding("utf8");
  req.on("data", (part) => (body += part));
  req.on("end", async () => {
    const asked = JSON.parse(body);
    calls.set(asked.model, (calls.get(asked.model) ?? 0) + 1);
    if (!["whole", "busy"].includes(asked.model)) {
      res.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
      res.flushHeaders();
    }
    await (answers[asked.model] ?? answers.no_done)(res, asked.messages[0].content.slice(0, 40));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
