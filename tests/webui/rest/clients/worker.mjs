// A worker of camunda-external-task-client-js: node worker.mjs <url> <token> <name> <deed>. It writes one line of JSON
// for each task it was given, with what became of it, and ends after the first.
import { Client, Variables } from "camunda-external-task-client-js";

const [url, token, name, deed] = process.argv.slice(2);
const signed = (config) => ({ ...config, headers: { ...config.headers, Authorization: `Bearer ${token}` } });
const client = new Client({
  baseUrl: url, workerId: name, interceptors: signed, asyncResponseTimeout: 10000, interval: 20, maxTasks: 1,
});
const deeds = {
  async complete({ task, taskService }) {
    const result = new Variables().set("used", task.variables.get("sheets") + 1);
    await taskService.complete(task, result);
  },
  async failure({ task, taskService }) {
    await taskService.handleFailure(task, {
      errorMessage: "no paper", errorDetails: "tray 2", retries: task.retries === null ? 1 : task.retries - 1,
      retryTimeout: 0,
    });
  },
  async error({ task, taskService }) {
    await taskService.handleBpmnError(task, "jammed", "tray 1", new Variables().set("tray", 1));
  },
  async extend({ task, taskService }) {
    await taskService.extendLock(task, 600000);
  },
  async unlock({ task, taskService }) {
    await taskService.unlock(task);
  },
};
const said = [];
for (const event of ["complete", "handleFailure", "handleBpmnError", "extendLock", "unlock"]) {
  client.on(`${event}:success`, () => said.push("done"));
  client.on(`${event}:error`, (_task, error) => said.push(`refused: ${error.message}`));
}
client.on("poll:error", (error) => console.error(error.message));
client.subscribe("printer", { lockDuration: 60000 }, async (given) => {
  client.stop();
  await deeds[deed](given);
  console.log(JSON.stringify({ task: given.task.id, title: given.task.variables.get("title"), said: said.join() }));
  process.exit(0);
});
