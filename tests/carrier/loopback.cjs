// Loaded before the fake Twilio: it would listen on every interface, and its clock is the tests'.
const fs = require("node:fs");
const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, "127.0.0.1", ...rest.filter((each) => typeof each === "function"));
};

// Seconds to add to the clock, so that messages can be made that are old already.
const Real = Date;
const offset = () => {
  try {
    return 1000 * Number(fs.readFileSync(process.env.CLOCK_FILE, "ascii")) || 0;
  } catch {
    return 0;
  }
};
globalThis.Date = class extends Real {
  constructor(...parts) {
    super(...(parts.length ? parts : [Real.now() + offset()]));
  }
  static now() {
    return Real.now() + offset();
  }
};
