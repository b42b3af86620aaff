import assert from "node:assert/strict";
import { hideCredentials } from "../../../../provider/base/words/credentials";
import { each } from "../../../support/each";

const X = "s3cr3tvalue";

describe("hideCredentials hides, as people write it in recipes,", () => {
  each("%s", [
    ["the old form of ENV", `ENV API_KEY ${X}`, "ENV API_KEY ***"],
    ["npm config set _auth", `npm config set _auth ${X}`, "npm config set _auth ***"],
    [
      "aws configure set",
      `aws configure set aws_secret_access_key ${X}`,
      "aws configure set aws_secret_access_key ***",
    ],
    ["yarn config set", `yarn config set npmAuthToken ${X}`, "yarn config set npmAuthToken ***"],
    ["poetry's token", `poetry config pypi-token.pypi ${X}`, "poetry config pypi-token.pypi ***"],
    ["poetry's password", `poetry config http-basic.r u ${X}`, "poetry config http-basic.r u ***"],
    [
      "composer's token",
      `composer config -g github-oauth.github.com ${X}`,
      "composer config -g github-oauth.github.com ***",
    ],
    ["bundler's password", `bundle config gems.test u:${X}`, "bundle config gems.test u:***"],
    ["cargo login", `cargo login ${X}`, "cargo login ***"],
    ["mysql -p", `mysql -u root -p${X} -e a`, "mysql -u root -p*** -e a"],
    [
      "what is piped into a login",
      `echo ${X} | docker login -u a --password-stdin`,
      "echo *** | docker login -u a --password-stdin",
    ],
    ["a here string", `gh auth login --with-token <<< ${X}`, "gh auth login --with-token <<< ***"],
    ["a cookie", `curl -b 'session=${X}' a`, "curl -b *** a"],
    [
      "netrc by printf",
      `printf 'machine h\\nlogin u\\npassword ${X}\\n'`,
      "printf 'machine h\\nlogin u\\npassword ***\\n'",
    ],
    ["a file of settings", `password = ${X}\napi_key: ${X}`, "password = ***\napi_key: ***"],
    ["a connection string", `Server=h;Uid=u;Pwd=${X};a`, "Server=h;Uid=u;Pwd=***;a"],
    ["Docker's logins", `{"auths":{"r":{"auth":"${X}"}}}`, '{"auths":{"r":{"auth":"***"}}}'],
    ["JSON with a shell's backslashes", `"{\\"password\\": \\"${X}\\"}"`, '"{\\"password\\": \\"***\\"}"'],
    ["single quotes", `{'token': '${X}'}`, "{'token': '***'}"],
    ["Pulumi's token", `pul-${"0a".repeat(20)}`, "***"],
    ["Vault's token", `hvs.${"a1".repeat(12)}`, "***"],
    [
      "tokens of other services",
      `sk-ant-${"a1".repeat(12)} SG.${"a".repeat(22)}.${"b".repeat(43)}`,
      "*** ***",
    ],
  ])((_, text, hidden) => assert.equal(hideCredentials(text), hidden));
});

describe("hideCredentials leaves", () => {
  each("%s", [
    ["a sentence", "npm error: Unexpected token: < in JSON"],
    ["the shell's directory", "PWD=/app; OLDPWD=/a"],
    ["a setting that is none", "npm config set registry https://x.test/"],
    ["a switch", "git config --global credential.helper store"],
    ["mysql's question", "mysql -u root -p"],
    ["a branch", "git checkout -b main"],
    ["a variable", "echo $TOKEN > a; ENV TOKEN $TOKEN"],
    ["a pinned package", "pip install token==1.0 get-password==2.0"],
    ["words of shells", "set -eux; export PATH=/a"],
  ])((_, text) => assert.equal(hideCredentials(text), text));
});
