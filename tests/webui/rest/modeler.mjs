// What Camunda Modeler asks of an engine, in its order: is it there, which version, deploy the diagram, start it.
// node modeler.mjs <endpoint> <authorization> <file> <business key>; prints the answers as JSON.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

const [endpoint, authorization, file, businessKey] = process.argv.slice(2);
const headers = { accept: "application/json", authorization };

async function ask(path, options = {}) {
  const response = await fetch(endpoint + path, { ...options, headers: { ...options.headers, ...headers } });
  return { status: response.status, body: await response.json() };
}

async function deploy() {
  const form = new FormData();
  const name = basename(file);
  form.append("deployment-name", "A diagram");
  form.append("deployment-source", "Camunda Modeler");
  form.append("enable-duplicate-filtering", "true");
  form.append(name, new Blob([await readFile(file)], { type: "text/xml" }), name);
  return ask("/deployment/create", { method: "POST", body: form });
}

async function start(definition) {
  return ask(`/process-definition/${definition.id}/start`, {
    method: "POST",
    body: JSON.stringify({ businessKey }),
    headers: { "content-type": "application/json" },
  });
}

const connection = await ask("/deployment?maxResults=0");
const version = await ask("/version");
const deployment = connection.status === 200 ? await deploy() : null;
const definition = Object.values(deployment?.body.deployedProcessDefinitions ?? {})[0];
const instance = definition ? await start(definition) : null;
console.log(JSON.stringify({ connection, version, deployment, instance }));
