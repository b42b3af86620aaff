import assert from "node:assert/strict";
import { isOverSsh, sshFailure } from "../../../../provider/base/ssh/failure";

const byDocker = (status: number, said: string, flags = "-l me -p 2222 -- "): string =>
  `error during connect: Get "http://docker.example.com/v1.24/info": command [ssh ${flags}far.example docker system dial-stdio] ` +
  `has exited with exit status ${status}, please make sure the URL is valid, and Docker 18.09 or later is installed ` +
  `on the remote host: stderr=${said}\r\n`;
const URL = "ssh://me@far.example:2222";

describe("what ssh says, in one sentence with what to do", () => {
  const said: [string, string, RegExp][] = [
    [
      "an unknown host key",
      byDocker(255, "Host key verification failed."),
      /^ssh does not know the host key of far\.example; connect once by hand \(ssh -l me -p 2222 far\.example\) and check it, or add it to known_hosts$/,
    ],
    [
      "a changed host key, though ssh also says that the verification failed",
      byDocker(
        255,
        "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nOffending key\r\nHost key verification failed.",
      ),
      /^the host key of far\.example is not the one in known_hosts: .*only then correct known_hosts/,
    ],
    [
      "a wrong key or user",
      byDocker(255, "me@far.example: Permission denied (publickey)."),
      /takes neither this user nor its keys.*ssh -o BatchMode=yes -l me -p 2222 far\.example true/,
    ],
    [
      "too many keys",
      byDocker(255, "Received disconnect: Too many authentication failures"),
      /takes neither this user/,
    ],
    [
      "a refused port",
      byDocker(255, "ssh: connect to host far.example port 2222: Connection refused"),
      /^nobody listens for ssh at far\.example/,
    ],
    [
      "an unknown name",
      byDocker(255, "ssh: Could not resolve hostname far.example: Name or service not known"),
      /^there is no host called far\.example/,
    ],
    [
      "a silent host",
      byDocker(255, "ssh: connect to host far.example port 22: Connection timed out"),
      /^far\.example does not answer/,
    ],
    [
      "no docker",
      byDocker(127, "bash: line 1: docker: command not found"),
      /^there is no docker on far\.example/,
    ],
    [
      "no docker, in busybox's words",
      byDocker(127, "sh: docker: not found"),
      /^there is no docker on far\.example/,
    ],
    [
      "a user who may not",
      "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
      /^the user on far\.example may not use Docker there/,
    ],
    [
      "no daemon behind it",
      "Cannot connect to the Docker daemon at http://docker.example.com. Is the docker daemon running?",
      /^ssh gets to far\.example, but no Docker answers there/,
    ],
  ];
  for (const [claim, text, sentence] of said) {
    it(`tells ${claim}`, () => {
      const answer = sshFailure(URL, text) ?? assert.fail("not recognised");
      assert.match(answer, sentence);
      assert.doesNotMatch(answer, /[\r\n]/);
    });
  }

  it("leaves docker's own options out of what a person would type", () => {
    const text = byDocker(255, "Host key verification failed.", "-o ConnectTimeout=30 -- ");
    assert.match(sshFailure("a-context", text) ?? "", /\(ssh far\.example\)/);
  });

  it("says nothing about words that it does not know", () => {
    assert.equal(sshFailure(URL, "kex_exchange_identification: read: Connection reset by peer"), null);
    assert.equal(sshFailure(URL, ""), null);
  });

  it("is asked for only where the connection is one over ssh", () => {
    assert.equal(isOverSsh("tcp://127.0.0.1:2375", "Cannot connect to the Docker daemon"), false);
    assert.equal(isOverSsh("unix:///run/docker.sock", "permission denied"), false);
    assert.equal(isOverSsh(URL, ""), true);
    assert.equal(isOverSsh("a-context", byDocker(255, "anything")), true);
  });
});
