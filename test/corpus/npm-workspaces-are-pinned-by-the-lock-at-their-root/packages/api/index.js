console.log(require("@shop/core"), require("router"));
