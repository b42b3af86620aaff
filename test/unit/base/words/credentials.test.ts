import assert from "node:assert/strict";
import fc from "fast-check";
import { hasCredential, hideCredentials, hideUsers } from "../../../../provider/base/words/credentials";
import { each } from "../../../support/each";

const X = "s3cr3tvalue";

describe("hideCredentials", () => {
  // What is to be hidden stands between « and ».
  each("hides %s", [
    ["access_token in a query", `curl "https://x.test/a?b=1&access_token=«${X}»&c=2"`],
    ["private_token in a query", `wget https://x.test/?private_token=«${X}»`],
    ["an API key in a query", `ADD https://x.test/a?api_key=«${X}» /a`],
    ["key in a query", `curl 'https://x.test/a?key=«${X}»'`],
    ["Azure's signature", `curl "https://x.test/c?sv=2020&se=2030&sig=«${X}%2F»"`],
    [
      "Amazon's signature",
      `curl https://s3.test/o?X-Amz-Credential=«${X}%2Fus»&X-Amz-Security-Token=«${X}»&X-Amz-Signature=«${X}»`,
    ],
    ["Google's signature", `https://g.test/o?X-Goog-Signature=«${X}»&X-Goog-Date=1`],
    ["an address behind a name", `URL=https://x.test/?token=«${X}» sh`],
    ["an ampersand as Go writes it in JSON", `{"u":"https://x.test/?a=1\\u0026token=«${X}»"}`],
    ["PRIVATE-TOKEN", `curl -H 'PRIVATE-TOKEN: «${X}»' https://x.test`],
    ["JOB-TOKEN", `curl --header "JOB-TOKEN: «${X}»" a`],
    ["X-Api-Key", `wget --header='X-Api-Key: «${X}»' a`],
    ["Authorization", `curl -H "Authorization: «Bearer ${X}»" a`],
    [
      "Authorization as Go quotes it",
      `process "/bin/sh -c curl -H \\"authorization: «${X}»\\" a" did not complete`,
    ],
    ["a header behind another text with a colon", `> GET: a Authorization: «Basic ${X}»`],
    ["Cookie", `curl -H 'Cookie: «a=${X}; b=${X}»' a`],
    ["a variable before a command", `TOKEN=«${X}» curl a`],
    ["a variable in quotes", `export NPM_TOKEN=«"a b ${X}"» && x`],
    ["a variable in single quotes", `DB_PASSWORD=«'${X} &'» x`],
    ["a value that is put together", `AWS_SECRET_ACCESS_KEY=«a"${X}"'${X}'» x`],
    ["a variable as Go quotes it", `sh -c TOKEN=«\\"a ${X}\\"» x`],
    ["a password without a boundary", `PGPASSWORD=«${X}» psql`],
    ["--oauth2-bearer", `curl --oauth2-bearer «${X}» a`],
    ["-u", `curl -u «me:${X}» a`],
    ["-u in quotes", `curl -u «'me:a ${X}'» a`],
    ["--user", `curl --user=«me:${X}» a`],
    ["--password", `tool --password «${X}» a`],
    ["--password in quotes", `wget --http-password=«'a ${X}'» a`],
    ["--token", `tool --token=«${X}» a`],
    ["--api-key on the next line", `tool --api-key \\\n  «${X}» a`],
    ["--dest-creds", `skopeo copy --dest-creds «me:${X}» a`],
    ["docker login", `docker login -u me -p «${X}» r.test`],
    ["a user and a password", `pip install --index-url https://«me:${X}»@x.test/simple a`],
    ["a token as the user", `git clone https://«${X}»@x.test/r`],
    ["a password of ssh", `ssh://«me:${X}»@x.test`],
    ["a password with an @", `http://«me:a@${X}»@x.test/`],
    ["npm's token", `echo "//r.test/:_authToken=«${X}»" > .npmrc`],
    ["npm's token behind a blank", `npm config set //r.test/:_authToken «${X}»`],
    ["netrc", `echo machine a login me password «${X}» > .netrc`],
    ["JSON", `{"user": "me", "password": "«a\\"${X}»", "b": 1}`],
    ["Bearer by itself", "sent Bearer «abcdefgh12345678ijkl»"],
    ["a token of GitHub", `x «ghp_${"a1".repeat(18)}» y`],
    ["a fine-grained one", `«github_pat_${"a1".repeat(20)}»`],
    ["a token of GitLab", `«glpat-${"a1".repeat(10)}»`],
    ["a token of npm", `«npm_${"a1".repeat(18)}»`],
    ["a token of PyPI", `«pypi-AgE${"a1".repeat(20)}»`],
    ["a key of Amazon", `«AKIA${"A1".repeat(8)}»`],
    ["a token of Slack", `«xoxb-${"1".repeat(12)}-abc»`],
    ["a JSON Web Token", "«eyJhbGciOiJI.eyJzdWIiOiIx.abc-_1»"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----«\nMIIabc\n»-----END RSA PRIVATE KEY-----"],
  ])((_, marked) => {
    const [text, expected] = [marked.replace(/[«»]/g, ""), marked.replace(/«[^»]*»/g, "***")];
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
  ])((_, text) => assert.equal(hideCredentials(text), text));

  const PIECES = [
    "a¦=¦ ¦:¦\"¦'¦\\¦/¦@¦-¦?¦&¦_¦.¦//¦://¦token¦token=¦--token ¦-u ¦a:¦login ¦login -p",
    '\\"¦eyJaaaaaaaa.¦glpat-¦x="\\¦Authorization:¦-----BEGIN PRIVATE KEY-----¦"token":"¦&key=¦https://a:',
    '--user=¦a.b¦Bearer ¦password ¦A_TOKEN="¦A_TOKEN=\\"',
  ].flatMap((pieces) => pieces.split("¦").map((piece) => [piece]));
  each(
    "reads a text of a megabyte in seconds, whatever it repeats: %j",
    PIECES,
  )((piece) => {
    assert.ok(piece);
    for (const before of ["", "TOKEN="]) {
      const text = before + piece.repeat(1_000_000 / piece.length);
      // Time of the processor, because the machine may be busy. What grows with the square of the length takes hours.
      const from = process.cpuUsage();
      hideCredentials(text);
      const { user, system } = process.cpuUsage(from);
      assert.ok(user + system < 5_000_000, `${user + system} microseconds`);
    }
  });

  it("never throws, and hides nothing twice", () => {
    const parts = "token=¦a¦ ¦\"¦'¦\\¦//¦@¦:¦?¦&¦-u ¦--token ¦Cookie: ¦$A¦***¦\n¦x:y".split("¦");
    const once = fc.property(fc.array(fc.constantFrom(...parts)), (chosen) => {
      const hidden = hideCredentials(chosen.join(""));
      assert.equal(hideCredentials(hidden), hidden);
    });
    fc.assert(once);
  });
});

describe("hideUsers", () => {
  it("hides the user of every address", () =>
    assert.equal(hideUsers("ssh://git@a http://b//c@d x@y"), "ssh://***@a http://b//***@d x@y"));
});
