module.exports = require("lodash-like");
