// A server whose task-enabled requests stand still at a step, until SIGUSR2 comes: to be killed there, or stopped.
//   STANDS_STILL: before, after (the compute service has done it), recorded (the outcome is on record)
import { createApp } from '../../../dist/app.setup.js';
import { ComputeService } from '../../../dist/compute/compute.service.js';
import { loadSettings } from '../../../dist/config/load-settings.js';
import { RequestInFlight } from '../../../dist/tasks/requests/in-flight/request-in-flight.js';

const { STANDS_STILL: step } = process.env;
const goesOn = new Promise((resolve) => process.once('SIGUSR2', resolve));
const standStill = () => (process.stdout.write('stands still\n'), goesOn);

const app = await createApp(loadSettings(process.env));
const compute = app.get(ComputeService);
const submit = compute.submit.bind(compute);
compute.submit = async (request) => {
  if (step === 'before') await standStill();
  const answer = await submit(request);
  if (step === 'after') await standStill();
  return answer;
};
const { returned } = RequestInFlight.prototype;
RequestInFlight.prototype.returned = async function (value) {
  await returned.call(this, value);
  if (step === 'recorded') await standStill();
};
await app.listen(0, '127.0.0.1');
process.stdout.write(`listens on http://127.0.0.1:${app.getHttpServer().address().port}\n`);
