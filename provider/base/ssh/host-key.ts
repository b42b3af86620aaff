/** A host's public key as in known_hosts, without the host names: type and base64 (sshd(8)). */
export const HOST_KEY = /^(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}(?: [^\n]*)?$/;

export const HOST_KEY_NEEDED =
  "is missing; give the host's public key (ssh-keyscan <host>, compared with what the host itself says), because " +
  "@pulumi/command checks none unless it is told which one to expect";
