const fs = require("node:fs");
const bundler = require("bundler");
fs.mkdirSync("dist", { recursive: true });
fs.writeFileSync("dist/server.js", `console.log(${JSON.stringify(bundler)});\n`);
