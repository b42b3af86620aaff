import assert from "node:assert/strict";
import { InvalidReferenceError } from "../../../../provider/base/reference/errors";
import { parseReference } from "../../../../provider/base/reference/parse";
import { each } from "../../../support/each";

const HEX = "0123456789abcdef".repeat(4);
const DIGEST = `sha256:${HEX}`;

function partsOf(text: string): string {
  const reference = parseReference(text);
  if (reference.kind === "id") return `id ${reference.id}`;
  const { kind, registry, repository, tag } = reference;
  return [kind, registry, repository, tag ?? "-", ...(kind === "digest" ? [reference.digest] : [])].join(" ");
}

describe("parseReference", () => {
  const accepted: Record<string, string> = {
    debian: "tag docker.io library/debian latest",
    "debian:bookworm-slim": "tag docker.io library/debian bookworm-slim",
    "team/app": "tag docker.io team/app latest",
    "docker.io/debian": "tag docker.io library/debian latest",
    "docker.io/library/debian:12": "tag docker.io library/debian 12",
    "index.docker.io/team/app": "tag docker.io team/app latest",
    "localhost/app": "tag localhost app latest",
    "localhost:5000/app": "tag localhost:5000 app latest",
    "localhost:5000": "tag docker.io library/localhost 5000",
    "registry.example.com/a/b/c:1.2_3-x": "tag registry.example.com a/b/c 1.2_3-x",
    "registry.example.com:443/app:1": "tag registry.example.com:443 app 1",
    "[2001:db8::1]:5000/app": "tag [2001:db8::1]:5000 app latest",
    "HOST/app": "tag HOST app latest",
    "a__b-d---e/f_g.h": "tag docker.io a__b-d---e/f_g.h latest",
    [`debian@${DIGEST}`]: `digest docker.io library/debian - ${DIGEST}`,
    [`debian:12@${DIGEST}`]: `digest docker.io library/debian 12 ${DIGEST}`,
    [`h.io/a@sha512:${HEX}${HEX}`]: `digest h.io a - sha512:${HEX}${HEX}`,
    [DIGEST]: `id ${DIGEST}`,
    [HEX]: `id ${DIGEST}`,
    abc123: "tag docker.io library/abc123 latest",
    [HEX.slice(1)]: `tag docker.io library/${HEX.slice(1)} latest`,
    [`debian:${"t".repeat(128)}`]: `tag docker.io library/debian ${"t".repeat(128)}`,
    // the peers' cases: hosts, numbers, separators
    "127.0.0.1:5000/a/b:x": "tag 127.0.0.1:5000 a/b x",
    "xn--n3h.com/myimage:xn--n3h.com": "tag xn--n3h.com myimage xn--n3h.com",
    "test.com:tag": "tag docker.io library/test.com tag",
    "docker.io/1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a":
      "tag docker.io library/1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a latest",
    "index.docker.io/library/debian": "tag docker.io library/debian latest",
    "lowercase:Uppercase": "tag docker.io library/lowercase Uppercase",
    "foo_bar.com:8080": "tag docker.io library/foo_bar.com 8080",
    "[2001:db8::1]/repo:tag": "tag [2001:db8::1] repo tag",
    "a-a/a-a--a": "tag docker.io a-a/a-a--a latest",
    "library/library": "tag docker.io library/library latest",
    "b.gcr.io/test.example.com/my-app": "tag b.gcr.io test.example.com/my-app latest",
    constructor: "tag docker.io library/constructor latest",
  };
  for (const [text, parts] of Object.entries(accepted))
    it(`reads ${text.slice(0, 60)}`, () => assert.equal(partsOf(text), parts));

  const refused: [RegExp, string[]][] = [
    [/it is empty/, [""]],
    [/white space/, [" debian", "debian\n"]],
    [/no scheme/, ["https://registry.example.com/app"]],
    [/must be in lower case/, ["Debian", "team/App"]],
    [/names no repository/, ["docker.io/"]],
    [/not a registry host/, ["registry.example.com:port/app", "-host.example/app", "[::1/app"]],
    [/not a registry host/, ["../etc/passwd", "foo_bar.com:8080/a", "[fe80::1%eth0]/a", "a.b-/c"]],
    [/may hold only/, ["a//b", "/app", "a/", "a..b", "a___b", "-a", "__proto__", "a:b:c"]],
    [/may hold only/, ["foo/foo_bar.com:8080/a", "a/-b", "a/_b", "a/b-", "a._b", "aa/asdf$$^/aa"]],
    [/the tag ""/, ["debian:"]],
    [/the tag/, ["debian:.x", `debian:${"t".repeat(129)}`, "debian:täg"]],
    [/the digest ""/, ["debian@"]],
    [/the digest/, ["debian@sha256:abc", `debian@md5:${HEX}`, `debian@SHA256:${HEX}`]],
    [/the digest/, [`debian@sha256:${HEX.toUpperCase()}`, `debian@${DIGEST}@${DIGEST}`]],
    [/looks like an image ID/, [`sha256:${HEX.slice(1)}`, `sha256:${HEX.toUpperCase()}`, "sha256:latest"]],
    [/the repository has 264 characters, the limit is 255/, ["a".repeat(256)]],
    [/it has 100000 characters/, ["a".repeat(100_000)]],
  ];
  const rows = refused.flatMap(([reason, texts]) =>
    texts.map((text) => [text.slice(0, 60), text, reason] as const),
  );
  each(
    "refuses %j",
    rows,
  )((_, text, reason) => {
    const expected = { name: "InvalidReferenceError", text, reason, message: /^[^]{1,1200}$/ };
    assert.throws(() => parseReference(text), expected);
  });

  it("counts the repository alone towards the limit, with the library/ that Docker fills in", () => {
    const host = `${"x".repeat(63)}.${"y".repeat(63)}.example:5000`;
    for (const [before, length] of [
      [`${host}/`, 255],
      ["docker.io/", 247],
      ["", 247],
      ["h.io/a/", 253],
    ] as const) {
      const longest = `${before}${"a".repeat(length)}`;
      assert.equal(parseReference(`${longest}:${"t".repeat(128)}@sha512:${HEX}${HEX}`).kind, "digest");
      assert.throws(() => parseReference(`${longest}a`), InvalidReferenceError);
    }
  });

  it("says what is wrong and what a reference looks like", () => {
    const message =
      '"Debian:12" is not an image reference: the repository must be in lower case. ' +
      "Expected [registry/]repository[:tag][@digest], such as debian:bookworm-slim, " +
      "registry.example.com:5000/team/app:1.2 or debian@sha256:<64 hex digits>, or an image ID, sha256:<64 hex digits>.";
    const refused = { name: "InvalidReferenceError", code: "reference-invalid", message };
    assert.throws(() => parseReference("Debian:12"), refused);
  });

  it("refuses what is not a string", () =>
    assert.throws(() => parseReference(undefined as unknown as string), InvalidReferenceError));
});
