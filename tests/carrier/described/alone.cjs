// Loaded before Prism: it is asked, and asks nobody. Whatever it would connect to is refused, and told in its log.
const dns = require("node:dns");
const net = require("node:net");

const refuse = (...asked) => {
  const what = `asked somebody: ${JSON.stringify(asked.filter((each) => typeof each !== "function"))}`;
  process.stderr.write(`${what}\n`);
  throw new Error(what);
};
net.Socket.prototype.connect = refuse;
// Its own address is looked up too, to listen there.
const lookup = dns.lookup;
dns.lookup = (host, ...rest) => (host === "127.0.0.1" ? lookup(host, ...rest) : refuse(host));
