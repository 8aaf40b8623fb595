// Orders something from a library host, whatever gets lost on the way. Run it again with the same tag, at any moment and
// as often as you like: there is one order.
//
//   npm run build
//   npx tsx --tsconfig examples/tsconfig.json examples/library-host.ts    in one terminal: makes shop.sqlite
//   node examples/library-client.mjs 'order 4711'                         in another one
import { tagged, tasks } from 'tasktag/client';

const { API = 'http://127.0.0.1:3000', WHO = 'acme/ann' } = process.env;
const tag = process.argv[2]; // without one, a new tag is made

// The look-up has the headers of the request, so the host knows who asks.
const send = tagged(fetch, { lookup: tasks({ url: `${API}/tasks` }) });

const result = await send(`${API}/orders`, {
  method: 'POST',
  headers: { 'X-User': WHO, 'Content-Type': 'application/json' },
  body: JSON.stringify({ item: 'ink' }),
  tag,
});

switch (result.outcome) {
  case 'answered': // by the host; also with an error
    if (!result.response.ok) throw new Error(await result.response.text());
    console.log(`ordered: ${(await result.response.json()).id}`);
    break;
  case 'accepted': // the answer was lost, or it had been ordered before: found by the tag
    console.log(`found: ${result.task.resource.order}, ${result.task.state}`);
    break;
  case 'notAccepted': // nothing was ordered
    throw new Error(`not accepted: ${result.task?.fault.message ?? result.cause}`);
  case 'abandoned': // nor will it be: the tag was given up
    throw new Error(`the tag was given up by ${result.task.resolved.by}; choose a new one`);
  case 'unknown': // nobody could say in time, not even the host
    throw new Error(`not known; run it again with the tag ${result.tag}`, { cause: result.cause });
}
