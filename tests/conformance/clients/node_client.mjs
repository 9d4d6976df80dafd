// Asks the door with a foreign client for Node, `fhir-kit-client` or SMART's `fhirclient`. Standard input is JSON: the
// client, its folder, the base, a token, the patient's id and a goal; standard output is what the client understood.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

async function kit(asked) {
  const { Client } = await import(pathToFileURL(`${asked.folder}/dist/client.js`).href);
  const client = new Client({ baseUrl: asked.base, bearerToken: asked.token });
  const capability = await client.capabilityStatement();
  const first = await client.search({ resourceType: "Goal", searchParams: { patient: asked.patient, _count: 2 } });
  const next = await client.nextPage({ bundle: first });
  const goal = first.entry[0].resource;
  const again = await client.read({ resourceType: "Goal", id: goal.id });
  const old = await client.vread({ resourceType: "Goal", id: goal.id, version: goal.meta.versionId });
  const posted = await client.search({ resourceType: "CarePlan", searchParams: { patient: asked.patient }, options: { postSearch: true } });
  const whole = await client.operation({ name: "$everything", resourceType: "Patient", id: asked.patient, method: "get" });
  const made = await client.create({ resourceType: "Goal", body: asked.goal });
  const refused = await client.read({ resourceType: "Goal", id: "nothing" }).catch((fault) => fault.response);
  return {
    version: capability.fhirVersion,
    same: JSON.stringify(goal) === JSON.stringify(again) && JSON.stringify(goal) === JSON.stringify(old),
    pages: [first.entry.length, next.entry.length],
    plans: posted.total,
    whole: whole.entry.length,
    made: made.id,
    refused: [refused.status, refused.data.resourceType],
  };
}

async function smart(asked) {
  const require = createRequire(import.meta.url);
  const { default: Client } = require(`${asked.folder}/lib/Client.js`);
  const platform = require(`${asked.folder}/lib/adapters/NodeAdapter.js`).default;
  const environment = new platform({ request: {}, response: {} });
  const client = new Client(environment, { serverUrl: asked.base, tokenResponse: { access_token: asked.token, patient: asked.patient } });
  const goals = await client.request(`Goal?patient=${asked.patient}&_count=2`, { pageLimit: 0, flat: true });
  const plans = await client.request(`CarePlan?patient=${asked.patient}`, { flat: true, resolveReferences: ["goal"] });
  const patient = await client.patient.read();
  const refused = await client.request("Goal/nothing").catch((fault) => fault.status ?? fault.statusCode);
  return { goals: goals.length, titles: plans.map((plan) => plan.goal?.[0]?.resourceType), patient: patient.id, refused };
}

let text = "";
for await (const piece of process.stdin) text += piece;
const asked = JSON.parse(text);
const told = await (asked.client === "kit" ? kit : smart)(asked).catch((fault) => {
  process.stderr.write(String(fault.stack).slice(0, 1500));
  process.exit(1);
});
process.stdout.write(JSON.stringify(told));
