import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { engineLog, sdkModules, type EngineLog } from "../../../../provider/pulumi/host/engine-log";
import { rowLog, type RowLog } from "../../../../provider/pulumi/host/row-log";
import { withVisibleCheck } from "../../../../provider/pulumi/host/visible-check";
import { startEngineServer, type EngineServer } from "../engine-server";

const URN = "urn:pulumi:dev::demo::pulumi-nodejs:dynamic/verified-images:ReproducibleImage::web";
const INFO = 1;
const WARNING = 2;

/** What the console printed meanwhile, as `log ...` and `warn ...`. */
async function aloud(work: () => Promise<void>): Promise<string[]> {
  const { log, warn } = console;
  const lines: string[] = [];
  console.log = (...words: unknown[]) => void lines.push(`log ${words.join(" ")}`);
  console.warn = (...words: unknown[]) => void lines.push(`warn ${words.join(" ")}`);
  try {
    await work();
    return lines;
  } finally {
    Object.assign(console, { log, warn });
  }
}

async function sayAll(log: RowLog): Promise<void> {
  log.write("step", "build ...");
  log.show("build 3 s");
  log.write("warning", "unverified: dpkg:a 1 -> 2");
  log.write("info", "verified, 3 packages");
  await log.flush();
}
const SAID_ALOUD = ["log build ...", "warn warning: unverified: dpkg:a 1 -> 2", "log verified, 3 packages"];

describe("what a resource says", () => {
  const STEERING = "label \u001b[2J\u202e of\n  web";
  const SHOWN = "label \\u{1b}[2J\\u{202e} of\n  web";

  it("can't steer a terminal, on its row or on the console", async () => {
    const said: string[] = [];
    const engine = {
      log: (_severity: unknown, message: string) => Promise.resolve(void said.push(message)),
      close: () => undefined,
    };
    const all = async (log: RowLog): Promise<void> => {
      for (const severity of ["step", "warning", "info"] as const) log.write(severity, STEERING);
      log.show(STEERING);
      await log.flush();
    };
    await all(rowLog(URN, { log: engine }));
    assert.deepEqual([...new Set(said)], [SHOWN]);
    const lines = await aloud(() => all(rowLog(URN, { log: null })));
    assert.deepEqual([...new Set(lines)], [`log ${SHOWN}`, `warn warning: ${SHOWN}`]);
  });

  it("can't in what a check refuses, or shows of the world", async () => {
    const given = {
      inputs: { live: STEERING, promotes: null, source: STEERING },
      failures: [{ property: "source", reason: STEERING }],
    };
    const { check } = withVisibleCheck({ check: (_olds: unknown, _news: unknown) => Promise.resolve(given) });
    assert.deepEqual(await check({}, {}), {
      inputs: { ...given.inputs, live: SHOWN },
      failures: [{ property: "source", reason: SHOWN }],
    });
  });
});

describe("a log", () => {
  let server: EngineServer;
  const logs: (EngineLog | null)[] = [];
  const open = (...args: Parameters<typeof engineLog>): { log: EngineLog | null } => {
    const log = engineLog(...args);
    logs.push(log);
    return { log };
  };
  beforeEach(async () => (server = await startEngineServer()));
  afterEach(() => {
    for (const log of logs.splice(0)) log?.close();
    server.close();
  });

  it("speaks on the resource's row, in order: steps in passing, warnings and infos to stay", async () => {
    const log = rowLog(URN, open(server.address));
    assert.deepEqual(await aloud(() => sayAll(log)), []);
    assert.deepEqual(server.heard, [
      { severity: INFO, message: "build ...", urn: URN, ephemeral: true },
      { severity: INFO, message: "build 3 s", urn: URN, ephemeral: true },
      { severity: WARNING, message: "unverified: dpkg:a 1 -> 2", urn: URN, ephemeral: false },
      { severity: INFO, message: "verified, 3 packages", urn: URN, ephemeral: false },
    ]);
  });

  it("of a resource without a URN speaks through the console, and of running seconds not at all", async () => {
    for (const urn of [undefined, null, "", "web", 5]) {
      const log = rowLog(urn, open(server.address));
      assert.deepEqual(await aloud(() => sayAll(log)), SAID_ALOUD);
    }
    assert.deepEqual(server.heard, []);
  });

  for (const address of [undefined, "", "build", "--flag", "/run/engine.sock"]) {
    it(`speaks through the console where the engine's address is ${JSON.stringify(address)}`, async () =>
      assert.deepEqual(await aloud(() => sayAll(rowLog(URN, open(address)))), SAID_ALOUD));
  }

  const others: [string, () => ReturnType<typeof sdkModules>][] = [
    ["has no engine modules", () => sdkModulesWithout()],
    ["has no such client", () => ({ ...sdkModules(), EngineClient: undefined as never })],
    ["has other messages", () => ({ ...sdkModules(), LogRequest: Object as never })],
    ["has a client that throws", () => ({ ...sdkModules(), EngineClient: Thrower })],
  ];
  for (const [claim, modules] of others) {
    it(`speaks through the console where the SDK ${claim}`, async () => {
      const log = rowLog(URN, open(server.address, modules));
      assert.deepEqual(await aloud(() => sayAll(log)), SAID_ALOUD);
    });
  }

  it("goes on through the console once the engine refuses, and loses nothing that stays", async () => {
    const log = rowLog(URN, open(server.address));
    log.write("info", "first");
    await log.flush();
    server.refuse();
    assert.deepEqual(await aloud(() => sayAll(log)), SAID_ALOUD);
    assert.deepEqual(
      server.heard.map(({ message }) => message),
      ["first"],
    );
  });

  it("speaks through the console where nobody listens", async () => {
    const { address } = server;
    server.close();
    const log = rowLog(URN, open(address));
    assert.deepEqual(await aloud(() => sayAll(log)), SAID_ALOUD);
  });

  it("waits 5 s at most for an engine that takes nothing", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const modules = sdkModules();
    const limits: number[] = [];
    /** The SDK's own client, which notes how long it may wait, and waits no longer than a moment. */
    class Impatient extends modules.EngineClient {
      override log(...[request, { deadline }, callback]: Parameters<EngineClient["log"]>): void {
        limits.push(deadline - Date.now());
        super.log(request, { deadline: Date.now() + 50 }, callback);
      }
    }
    const log = rowLog(
      URN,
      open(`127.0.0.1:${port}`, () => ({ ...modules, EngineClient: Impatient })),
    );
    try {
      assert.deepEqual(await aloud(() => sayAll(log)), SAID_ALOUD);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
    assert.ok(limits.length > 0 && limits.every((limit) => limit <= 5_000), String(limits));
  });
});

type EngineClient = InstanceType<ReturnType<typeof sdkModules>["EngineClient"]>;

class Thrower {
  log(): void {
    throw new Error("other arguments");
  }
  close(): void {
    // nothing is open
  }
}

function sdkModulesWithout(): never {
  throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
}
