/**
 * Variables under which ssh asks nobody: an unknown host key or a missing passphrase is a failure at once. What is
 * started here has no terminal (a session of its own), so all that is left to ask with is a window: `never` turns
 * that off (ssh(1), since 8.4), and an askpass that fails does for older ones. Nothing of the user's configuration is
 * weakened.
 */
export const NO_QUESTIONS = { SSH_ASKPASS_REQUIRE: "never", SSH_ASKPASS: "/bin/false" };
