// An app of SMART's own library for Node, opened from our pages. Arguments: the port, the library's folder. It tells on the
// page it shows what it understood; nothing here knows our server but the address it is opened with (`iss`).
import { createRequire } from "node:module";
import http from "node:http";

const [port, folder] = process.argv.slice(2);
const smart = createRequire(import.meta.url)(folder);
const kept = new Map();
const storage = {
  get: async (key) => kept.get(key),
  set: async (key, value) => (kept.set(key, value), value),
  unset: async (key) => kept.delete(key),
};
const scope = "launch openid fhirUser patient/*.rs";

async function told(client) {
  const patient = await client.patient.read();
  const plans = await client.request(`CarePlan?patient=${client.patient.id}`, { flat: true });
  return { patient: patient.id, bound: client.patient.id, plans: plans.length, user: client.user.fhirUser };
}

http
  .createServer(async (request, response) => {
    const path = new URL(request.url, `http://127.0.0.1:${port}`).pathname;
    const session = smart(request, response, storage);
    try {
      if (path === "/launch") {
        await session.authorize({ clientId: "app", scope, redirectUri: `http://127.0.0.1:${port}/back`, pkceMode: "required" });
        return;
      }
      const text = path === "/back" ? JSON.stringify(await told(await session.ready())) : "{}";
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<!DOCTYPE html><html lang="da"><title>App</title><link rel="icon" href="data:,"><h1>App</h1><pre>${text}</pre>`);
    } catch (fault) {
      response.writeHead(200, { "content-type": "text/plain" });
      response.end(`fault ${String(fault.stack).slice(0, 800)}`);
    }
  })
  .listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
