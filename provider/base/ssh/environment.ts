/**
 * Variables that keep ssh from asking questions: an unknown host key or a missing passphrase fails at once. A command
 * started here has no terminal, so ssh could only ask in a window. `never` turns that off (ssh(1), since OpenSSH 8.4).
 * For older versions, an askpass program that always fails does the same. The user's own configuration stays in force.
 */
export const NO_QUESTIONS = { SSH_ASKPASS_REQUIRE: "never", SSH_ASKPASS: "/bin/false" };
