// Creates a server and follows it to its end, whatever gets lost on the way. Run it again with the same tag, at any
// moment and as often as you like: there is one server.
//
//   npm run build
//   node examples/node-client.mjs 'order 4711'
//
// In a project of your own, the same code is the package `tasktag-client`.
import { openstack, tagged } from 'tasktag/client';

const { API = 'http://127.0.0.1:8780/v3', TOKEN = 'alice:demo' } = process.env;
const tag = process.argv[2]; // without one, a new tag is made

const send = tagged(fetch, { lookup: openstack({ endpoint: API }) });

const result = await send(`${API}/servers`, {
  method: 'POST',
  headers: { 'X-Auth-Token': TOKEN, 'Content-Type': 'application/json' },
  body: JSON.stringify({
    server: { name: 'vm1', imageRef: '70a599e0-31e7-49b7-b260-868f441e862b', flavorRef: '1' },
  }),
  tag,
  wait: true,
});

switch (result.outcome) {
  case 'answered': // by the server; also with an error
    if (!result.response.ok) throw new Error(await result.response.text());
    console.log(`created: ${result.task?.resource.server}, ${result.task?.state}`);
    break;
  case 'accepted': // the answer was lost, or it had been created before: found by the tag
    console.log(`found: ${result.task.resource.server}, ${result.task.state}`);
    break;
  case 'notAccepted': // nothing was created
    throw new Error(`not accepted: ${result.task?.fault.message ?? result.cause}`);
  case 'abandoned': // nor will it be: the tag was given up
    throw new Error(`the tag was given up by ${result.task.resolved.by}; choose a new one`);
  case 'unknown': // nobody could say in time
    throw new Error(`not known; run it again with the tag ${result.tag}`, { cause: result.cause });
}
