console.log(require("marked"));
