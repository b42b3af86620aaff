/** The staging check: the service answers with its page, and with the revision that is being released. */
const { STAGING_URL, STAGING_REVISION } = process.env;

const page = await fetch(`${STAGING_URL}/`);
console.log(`page     ${page.status} ${page.headers.get("content-type")}`);

const version = await (await fetch(`${STAGING_URL}/version`)).json();
console.log(`version  ${version.revision}, expected ${STAGING_REVISION}`);

process.exitCode = page.ok && version.revision === STAGING_REVISION ? 0 : 1;
