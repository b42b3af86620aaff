import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { askIndex, indexUrl, PackageIndexError } from "../../../cli/package-index";
import { InputError } from "../../../provider/inputs/failure";

const SHA = "0f".repeat(32);

describe("a package index", () => {
  let server: Server;
  let index: URL;
  const asked: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.accept} ${request.headers.authorization ?? "-"}`);
      const files = [{ url: "/files/six-1.0-py3-none-any.whl", hashes: { sha256: SHA } }];
      const at = (path: string): boolean => request.url === path;
      if (at("/simple/moved/")) response.writeHead(301, { location: "/simple/six/" }).end();
      else if (at("/simple/loop/")) response.writeHead(302, { location: "/simple/loop/" }).end();
      else if (at("/simple/six/")) response.end(JSON.stringify({ files }));
      else if (at("/simple/odd/")) response.end("{");
      else response.writeHead(at("/simple/broken/") ? 503 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    index = new URL(`http://me:secret@127.0.0.1:${(server.address() as AddressInfo).port}/simple/`);
  });
  after(() => server.close());

  it("is asked for JSON, with the user's credentials, follows a redirection, and may not have a project", async () => {
    const found = await askIndex(index, ["six", "moved", "none"]);
    const { host } = index;
    const url = `http://${host}/files/six-1.0-py3-none-any.whl`;
    const file = { name: "six-1.0-py3-none-any.whl", url, sha256: SHA };
    assert.deepEqual(found.get("six"), [file]);
    assert.deepEqual(found.get("moved"), [file]);
    assert.deepEqual(found.get("none"), []);
    const basic = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    assert.ok(
      asked.some(
        (one) => one.startsWith("/simple/six/ application/vnd.pypi.simple.v1+json,") && one.endsWith(basic),
      ),
    );
  });

  for (const [name, words] of [
    ["broken", /answers with 503$/],
    ["loop", /redirects without end$/],
    ["odd", /can't be asked for odd: .*JSON/],
  ] as const) {
    it(`that can't tell is an error that names project and index, and no password: ${name}`, () =>
      assert.rejects(askIndex(index, [name]), (error: Error) => {
        assert.ok(error instanceof PackageIndexError);
        assert.match(error.message, words);
        assert.ok(
          error.message.includes(`http://${index.host}/simple/`) && !error.message.includes("secret"),
        );
        return true;
      }));
  }

  it("that is not there is an error", () =>
    assert.rejects(askIndex(new URL("http://127.0.0.1:1/simple/"), ["six"]), PackageIndexError));

  it("comes from the flag, then from pip's variable, else it is PyPI", () => {
    assert.equal(
      indexUrl("http://a.example/x", { PIP_INDEX_URL: "http://b.example" }).href,
      "http://a.example/x/",
    );
    assert.equal(indexUrl(undefined, { PIP_INDEX_URL: "http://b.example/" }).href, "http://b.example/");
    assert.equal(indexUrl(undefined, {}).host, "pypi.org");
    for (const wrong of ["", "pypi", "file:///x"]) assert.throws(() => indexUrl(wrong, {}), InputError);
  });
});
