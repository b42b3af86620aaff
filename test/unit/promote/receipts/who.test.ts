import assert from "node:assert/strict";
import { whoPromotes } from "../../../../provider/promote/receipts/who";

const machine = { user: "runner", host: "ci-7" };

describe("whoPromotes", () => {
  it("is the account on the machine where nothing names anybody", () =>
    assert.deepEqual(whoPromotes({ PATH: "/bin", GITHUB_ACTOR: " " }, machine), { ...machine, actor: null }));

  for (const [name, actor] of Object.entries({
    GITHUB_ACTOR: "octocat",
    GITLAB_USER_LOGIN: "ann",
    BUILD_USER: "Ann Example",
    BUILD_USER_ID: "ann",
    BUILDKITE_BUILD_CREATOR: "Ann",
    BUILD_REQUESTEDFOR: "Ann",
    CIRCLE_USERNAME: "ann",
  })) {
    it(`is whom ${name} names`, () =>
      assert.deepEqual(whoPromotes({ [name]: actor }, machine), { ...machine, actor }));
  }

  it("is who ran a job of GitHub's again, and not who ran it first", () =>
    assert.equal(
      whoPromotes({ GITHUB_ACTOR: "first", GITHUB_TRIGGERING_ACTOR: "again" }, machine).actor,
      "again",
    ));

  it("takes nothing else of the environment", () => {
    const env = { GITHUB_TOKEN: "s3cret", GITLAB_USER_EMAIL: "a@b", GITHUB_ACTOR: "ann" };
    assert.deepEqual(whoPromotes(env, machine), { ...machine, actor: "ann" });
  });

  it("is one short line without control characters, and never empty", () => {
    const { user, host, actor } = whoPromotes(
      { GITHUB_ACTOR: `a\u001b[2J\nb\u202e${"x".repeat(500)}` },
      { user: "", host: "\n" },
    );
    assert.deepEqual([user, host], ["unknown", "unknown"]);
    assert.match(actor ?? "", /^a \[2J b x+$/);
    assert.equal(actor?.length, 200);
  });
});
