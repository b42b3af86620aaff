import assert from "node:assert/strict";
import fc from "fast-check";
import { hasCredential, hideCredentials, hideUsers } from "../../../../provider/base/words/credentials";
import { each } from "../../../support/each";

const X = "s3cr3tvalue";

describe("hideCredentials", () => {
  each("hides %s", [
    [
      "access_token in a query",
      `curl "https://x.test/a?b=1&access_token=${X}&c=2"`,
      'curl "https://x.test/a?b=1&access_token=***&c=2"',
    ],
    [
      "private_token in a query",
      `wget https://x.test/?private_token=${X}`,
      "wget https://x.test/?private_token=***",
    ],
    ["an API key in a query", `ADD https://x.test/a?api_key=${X} /a`, "ADD https://x.test/a?api_key=*** /a"],
    ["key in a query", `curl 'https://x.test/a?key=${X}'`, "curl 'https://x.test/a?key=***'"],
    [
      "Azure's signature",
      `curl "https://x.test/c?sv=2020&se=2030&sig=${X}%2F"`,
      'curl "https://x.test/c?sv=2020&se=2030&sig=***"',
    ],
    [
      "Amazon's signature",
      `curl https://s3.test/o?X-Amz-Credential=${X}%2Fus&X-Amz-Security-Token=${X}&X-Amz-Signature=${X}`,
      "curl https://s3.test/o?X-Amz-Credential=***&X-Amz-Security-Token=***&X-Amz-Signature=***",
    ],
    [
      "Google's signature",
      `https://g.test/o?X-Goog-Signature=${X}&X-Goog-Date=1`,
      "https://g.test/o?X-Goog-Signature=***&X-Goog-Date=1",
    ],
    ["an address behind a name", `URL=https://x.test/?token=${X} sh`, "URL=https://x.test/?token=*** sh"],
    [
      "an ampersand as Go writes it in JSON",
      `{"u":"https://x.test/?a=1\\u0026token=${X}"}`,
      '{"u":"https://x.test/?a=1\\u0026token=***"}',
    ],
    [
      "PRIVATE-TOKEN",
      `curl -H 'PRIVATE-TOKEN: ${X}' https://x.test`,
      "curl -H 'PRIVATE-TOKEN: ***' https://x.test",
    ],
    ["JOB-TOKEN", `curl --header "JOB-TOKEN: ${X}" a`, 'curl --header "JOB-TOKEN: ***" a'],
    ["X-Api-Key", `wget --header='X-Api-Key: ${X}' a`, "wget --header='X-Api-Key: ***' a"],
    ["Authorization", `curl -H "Authorization: Bearer ${X}" a`, 'curl -H "Authorization: ***" a'],
    [
      "Authorization as Go quotes it",
      `process "/bin/sh -c curl -H \\"authorization: ${X}\\" a" did not complete`,
      'process "/bin/sh -c curl -H \\"authorization: ***\\" a" did not complete',
    ],
    [
      "a header behind another text with a colon",
      `> GET: a Authorization: Basic ${X}`,
      "> GET: a Authorization: ***",
    ],
    ["Cookie", `curl -H 'Cookie: a=${X}; b=${X}' a`, "curl -H 'Cookie: ***' a"],
    ["a variable before a command", `TOKEN=${X} curl a`, "TOKEN=*** curl a"],
    ["a variable in quotes", `export NPM_TOKEN="a b ${X}" && x`, "export NPM_TOKEN=*** && x"],
    ["a variable in single quotes", `DB_PASSWORD='${X} &' x`, "DB_PASSWORD=*** x"],
    ["a value that is put together", `AWS_SECRET_ACCESS_KEY=a"${X}"'${X}' x`, "AWS_SECRET_ACCESS_KEY=*** x"],
    ["a variable as Go quotes it", `sh -c TOKEN=\\"a ${X}\\" x`, "sh -c TOKEN=*** x"],
    ["a password without a boundary", `PGPASSWORD=${X} psql`, "PGPASSWORD=*** psql"],
    ["--oauth2-bearer", `curl --oauth2-bearer ${X} a`, "curl --oauth2-bearer *** a"],
    ["-u", `curl -u me:${X} a`, "curl -u *** a"],
    ["-u in quotes", `curl -u 'me:a ${X}' a`, "curl -u *** a"],
    ["--user", `curl --user=me:${X} a`, "curl --user=*** a"],
    ["--password", `tool --password ${X} a`, "tool --password *** a"],
    ["--password in quotes", `wget --http-password='a ${X}' a`, "wget --http-password=*** a"],
    ["--token", `tool --token=${X} a`, "tool --token=*** a"],
    ["--api-key on the next line", `tool --api-key \\\n  ${X} a`, "tool --api-key \\\n  *** a"],
    ["--dest-creds", `skopeo copy --dest-creds me:${X} a`, "skopeo copy --dest-creds *** a"],
    ["docker login", `docker login -u me -p ${X} r.test`, "docker login -u me -p *** r.test"],
    [
      "a user and a password",
      `pip install --index-url https://me:${X}@x.test/simple a`,
      "pip install --index-url https://***@x.test/simple a",
    ],
    ["a token as the user", `git clone https://${X}@x.test/r`, "git clone https://***@x.test/r"],
    ["a password of ssh", `ssh://me:${X}@x.test`, "ssh://***@x.test"],
    ["a password with an @", `http://me:a@${X}@x.test/`, "http://***@x.test/"],
    ["npm's token", `echo "//r.test/:_authToken=${X}" > .npmrc`, 'echo "//r.test/:_authToken=***" > .npmrc'],
    [
      "npm's token behind a blank",
      `npm config set //r.test/:_authToken ${X}`,
      "npm config set //r.test/:_authToken ***",
    ],
    [
      "netrc",
      `echo machine a login me password ${X} > .netrc`,
      "echo machine a login me password *** > .netrc",
    ],
    ["JSON", `{"user": "me", "password": "a\\"${X}", "b": 1}`, '{"user": "me", "password": "***", "b": 1}'],
    ["Bearer by itself", `sent Bearer abcdefgh12345678ijkl`, "sent Bearer ***"],
    ["a token of GitHub", `x ghp_${"a1".repeat(18)} y`, "x *** y"],
    ["a fine-grained one", `github_pat_${"a1".repeat(20)}`, "***"],
    ["a token of GitLab", `glpat-${"a1".repeat(10)}`, "***"],
    ["a token of npm", `npm_${"a1".repeat(18)}`, "***"],
    ["a token of PyPI", `pypi-AgE${"a1".repeat(20)}`, "***"],
    ["a key of Amazon", `AKIA${"A1".repeat(8)}`, "***"],
    ["a token of Slack", `xoxb-${"1".repeat(12)}-abc`, "***"],
    ["a JSON Web Token", `eyJhbGciOiJI.eyJzdWIiOiIx.abc-_1`, "***"],
    [
      "a private key",
      `-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----`,
      "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----",
    ],
  ] as const)((_, text, expected) => {
    assert.equal(hideCredentials(text), expected);
    assert.ok(hasCredential(text));
    assert.equal(hideCredentials(expected), expected, "what is hidden stays as it is");
  });

  each("leaves %s", [
    ["a variable", 'TOKEN="$TOKEN" curl -d "$X" a'],
    ["a variable in braces", "export NPM_TOKEN=${NPM_TOKEN} && x"],
    ["what a command prints", "TOKEN=$(cat /run/secrets/token) x"],
    ["what a command prints, in quotes", 'TOKEN="$(cat /run/secrets/token)" x'],
    ["a variable of a query", 'curl "https://x.test/?access_token=$TOKEN&a=1"'],
    ["build secrets", "RUN --mount=type=secret,id=token,env=NPM_TOKEN,target=/run/x make"],
    ["docker's flag", "docker build --secret id=token,env=TOKEN --build-arg TOKEN ."],
    ["a user of ssh", "git clone ssh://git@x.test/r git@x.test:r"],
    ["a user without a password", "sudo -u app git clone x"],
    ["a switch", "adduser --disabled-password --gecos '' app"],
    ["where one is", "PWD=/x OLDPWD=/y compass=1"],
    ["a fingerprint", "ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D"],
    ["a package of a scope", "npm install @scope/a@1.2.3 https://r.test/@scope/a/-/a-1.tgz"],
    ["a package's version", "pip install a-secret-key==1.0 an-api-token==2.3.4"],
    ["a digest", "FROM docker://r.test/x@sha256:abcdef key=1 sig=2"],
    ["a sentence", "secrets.token: the environment has no variable TOKEN; give a token: see the docs"],
    ["the exit of a step", 'ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2'],
    ["basic words", "Basic understanding-of-authentication is needed"],
  ] as const)((_, text) => assert.equal(hideCredentials(text), text));

  it("reads a text of a megabyte in seconds, whatever it repeats", function () {
    this.timeout(120_000);
    const parts = [
      ..."a= :\"'\\/@-?&_.".split(""),
      ...[
        "//",
        "://",
        "token",
        "token=",
        "--token ",
        "-u ",
        "a:",
        "login ",
        "login -p",
        '\\"',
        "eyJaaaaaaaa.",
        "glpat-",
        'x="\\',
        "Authorization:",
      ],
      ...[
        "-----BEGIN PRIVATE KEY-----",
        '"token":"',
        "&key=",
        "https://a:",
        "--user=",
        "=",
        "a.b",
        "Bearer ",
        "password ",
        'A_TOKEN="',
        'A_TOKEN=\\"',
      ],
    ];
    for (const part of parts) {
      for (const text of [
        part.repeat(1_000_000 / part.length),
        `TOKEN=${part.repeat(1_000_000 / part.length)}`,
      ]) {
        // Time of the processor, because the machine may be busy. What grows with the square of the length takes hours.
        const from = process.cpuUsage();
        hideCredentials(text);
        const { user, system } = process.cpuUsage(from);
        assert.ok(user + system < 5_000_000, `${part}: ${user + system} microseconds`);
      }
    }
  });

  it("never throws, and hides nothing twice", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "token=",
            "a",
            " ",
            '"',
            "'",
            "\\",
            "//",
            "@",
            ":",
            "?",
            "&",
            "-u ",
            "--token ",
            "Cookie: ",
            "$A",
            "***",
            "\n",
            "x:y",
          ),
        ),
        (parts) => {
          const once = hideCredentials(parts.join(""));
          assert.equal(hideCredentials(once), once);
        },
      ),
    ));
});

describe("hideUsers", () => {
  it("hides the user of every address", () =>
    assert.equal(hideUsers("ssh://git@a http://b//c@d x@y"), "ssh://***@a http://b//***@d x@y"));
});
