/** A host's public key as in known_hosts, without the host names: type and base64 (sshd(8)). */
export const HOST_KEY = /^(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}(?: [^\n]*)?$/;

/** A key that the ssh client of `@pulumi/command` refuses, because it offers servers only SHA-1 signatures for it. */
export const RSA_HOST_KEY = /^ssh-rsa\b/;

export const HOST_KEY_RSA =
  "is an RSA key, which @pulumi/command does not accept; give the host's ed25519 or ECDSA key " +
  "(ssh-keyscan -t ed25519,ecdsa <host>, compared with what the host itself says)";

export const HOST_KEY_NEEDED =
  "is missing; give the host's public key (ssh-keyscan <host>, compared with what the host itself says), because " +
  "@pulumi/command checks none unless it is told which one to expect";
