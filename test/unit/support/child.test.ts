import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { runChild } from "../../support/child";
import { descendants, signalAll } from "../../support/processes";
import { until } from "../../support/until";

const node = (script: string, options: Parameters<typeof runChild>[2] = {}): ReturnType<typeof runChild> =>
  runChild(process.execPath, ["-e", script], options);

describe("runChild", () => {
  it("returns what the child said and its exit code, whatever that is", async () => {
    const result = await node(
      "process.stdin.pipe(process.stdout); console.error('err'); process.exitCode = 7",
      { input: "in" },
    );
    assert.deepEqual(result, { code: 7, stdout: "in", stderr: "err\n" });
  });

  it("throws for a program that isn't there and for one that a signal ended", async () => {
    await assert.rejects(runChild("/nonexistent/program", []), /ENOENT/);
    await assert.rejects(node("process.kill(process.pid, 'SIGTERM')"), /was ended by SIGTERM/);
  });

  it("kills a late child with its descendants, those in groups of their own too", async () => {
    // The grandchild keeps a connection open for as long as it lives.
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const sockets: Socket[] = [];
    server.on("connection", (socket: Socket) => void sockets.push(socket.resume()));
    const grandchild = `require("node:net").connect(${(server.address() as AddressInfo).port}, "127.0.0.1")`;
    const script = `
      const options = { detached: true, stdio: "ignore" };
      require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], options);
      setInterval(() => {}, 1000);`;
    // Two programs have to start within the limit, which takes a busy machine longer.
    for (let timeoutMs = 1_500; sockets.length === 0 && timeoutMs < 30_000; timeoutMs *= 4) {
      await assert.rejects(node(script, { timeoutMs }), new RegExp(`took longer than ${timeoutMs} ms`));
    }
    const [socket] = sockets;
    assert.ok(socket !== undefined, "the grandchild never connected");
    if (!socket.closed) await once(socket, "close");
    server.close();
  });
});

describe("descendants", () => {
  it("are the children of children too, and not what looks for them", async () => {
    const child = spawn("sh", ["-c", "sh -c 'sleep 600; true'; true"], { stdio: "ignore" });
    const commands = (): string[] => descendants(child.pid).map(({ command }) => command);
    await until("the child of the child", 50_000, () => (commands().length === 2 ? true : null));
    assert.deepEqual(commands(), ["sh -c sleep 600; true", "sleep 600"]);
    const own = descendants();
    assert.ok(own.some(({ pid }) => pid === child.pid));
    assert.deepEqual(
      own.filter(({ command }) => command.startsWith("ps ")),
      [],
    );
    signalAll(
      [child, ...descendants(child.pid)].flatMap(({ pid }) => pid ?? []),
      "SIGKILL",
    );
    await once(child, "exit");
  });
});
