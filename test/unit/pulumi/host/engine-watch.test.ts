import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { PassThrough } from "node:stream";
import { onEngineGone } from "../../../../provider/pulumi/host/engine-watch";
import { until } from "../../../support/until";

describe("an engine that is watched", () => {
  let server: Server;
  let pipe: PassThrough;
  let gone: number;
  const address = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const isGone = (limitMs: number): Promise<{ ms: number }> =>
    until("the engine to be missed", limitMs, () => (gone > 0 ? true : null));

  beforeEach(async () => {
    gone = 0;
    pipe = new PassThrough();
    server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => server.close());

  it("is missed at once when its pipe breaks and it does not answer", async () => {
    onEngineGone(address(), () => (gone += 1), pipe);
    server.close();
    pipe.end();
    const { ms } = await isGone(50_000);
    assert.ok(ms < 3_500, `${ms} ms`);
    assert.equal(gone, 1);
  });

  it("is not missed for a broken pipe alone, and is when it ends afterwards", async () => {
    onEngineGone(address(), () => (gone += 1), pipe);
    pipe.end();
    await once(server, "connection");
    assert.equal(gone, 0);
    server.close();
    await isGone(50_000);
  }).timeout(60_000);

  it("is missed without a pipe too", async () => {
    onEngineGone(address(), () => (gone += 1), pipe);
    server.close();
    await isGone(50_000);
  }).timeout(60_000);

  it("is nothing that is watched where there is no address", () => {
    for (const none of [undefined, "", "build", "/run/engine.sock"]) {
      onEngineGone(none, () => (gone += 1), pipe);
    }
    assert.equal(pipe.listenerCount("end"), 0);
  });
});
