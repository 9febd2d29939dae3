// Loaded before the fake Twilio: it would listen on every interface, and its clock is the tests'; and it counts requests.
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

// It lets nobody ask more than 5,000 times an hour, which is no rule of Twilio's: whose 429 comes from the front.
const set = Map.prototype.set;
Map.prototype.set = function (key, value) {
  if (value?.remaining === 5000 && "resetAt" in value) value.remaining = Infinity;
  return set.call(this, key, value);
};
