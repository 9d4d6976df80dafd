// Asks one operation of the door with Node's package `soap`, by the door's own WSDL. Standard input is JSON: the WSDL's
// address, the operation, the header's elements as XML, and the arguments; standard output is what the client understood.
const soap = require(process.argv[2]);

async function main() {
  let text = "";
  for await (const piece of process.stdin) text += piece;
  const asked = JSON.parse(text);
  const client = await soap.createClientAsync(asked.wsdl, { forceSoap12Headers: true, parseReponseAttachments: true });
  client.addSoapHeader(asked.header);
  const [result] = await client[asked.operation + "Async"](asked.arguments);
  const parts = client.lastResponseAttachments ? client.lastResponseAttachments.parts : [];
  const bodies = parts.map((part) => Buffer.from(part.body).toString("base64"));
  process.stdout.write(JSON.stringify({ result, parts: bodies }));
}

main().catch((fault) => {
  process.stderr.write(String(fault.message).slice(0, 500));
  process.exit(1);
});
