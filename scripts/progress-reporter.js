// Jest's reporter for scripts/test.js. It shows the progress of the tests: on one line that is rewritten, or in a log
// on a line every half minute. A failure is shown at once. At the end it writes down the results.
import { writeFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

/** How often a log gets a line. */
const LOG_EVERY_MS = 30_000;

const out = process.stdout;

export default class ProgressReporter {
  startedAt = Number(process.env.TASKTAG_TESTS_STARTED ?? Date.now());
  files = { done: 0, all: 0 };
  passed = 0;
  /** The tests that failed, and the files that could not be run. */
  failures = [];
  /** How long each file took, in seconds. */
  times = [];
  /** The files under way. */
  running = new Map();

  onRunStart({ numTotalTestSuites }) {
    this.files.all = numTotalTestSuites;
    this.timer = setInterval(() => this.show(), out.isTTY ? 1000 : LOG_EVERY_MS);
  }

  onTestFileStart(test) {
    this.running.set(test, nameOf(test));
    this.redraw();
  }

  // Jest's word on single tests is not asked for: files that share a realm hear of each other's (scripts/jest/).
  onTestFileResult(test, { testResults, failureMessage, testExecError, console, perfStats }) {
    this.running.delete(test);
    this.times.push([Math.round((perfStats.end - perfStats.start) / 1000), nameOf(test)]);
    this.files.done += 1;
    for (const { status, fullName } of testResults) {
      if (status === 'passed') this.passed += 1;
      if (status === 'failed') this.fail(`${nameOf(test)}: ${fullName}`);
    }
    for (const { message } of console ?? []) this.say(message);
    if (testExecError) this.fail(`${nameOf(test)}: it could not be run`);
    if (failureMessage) this.say(failureMessage);
    this.redraw();
  }

  onRunComplete() {
    clearInterval(this.timer);
    this.show();
    if (out.isTTY) out.write('\n');
    const { passed, failures, times } = this;
    const file = process.env.TASKTAG_TEST_RESULTS;
    if (file) writeFileSync(file, JSON.stringify({ passed, failures, times }));
  }

  fail(what) {
    this.failures.push(what);
    this.say(`FAILED ${what}`);
  }

  /** Writes text that stays, above the line that is rewritten. */
  say(text) {
    out.write(`${out.isTTY ? '\r\x1b[K' : ''}${text}\n`);
    this.redraw();
  }

  redraw() {
    if (out.isTTY) this.show();
  }

  show() {
    const line = this.line();
    out.write(out.isTTY ? `\r\x1b[K${line.slice(0, (out.columns || 80) - 1)}` : `${line}\n`);
  }

  line() {
    const { files, passed, failures, running } = this;
    const counts = `${files.done} of ${files.all} files, ${passed} passed, ${failures.length} failed`;
    const now = [...running.values()].join(', ');
    return `${timeSince(this.startedAt)}  ${counts}${now && `; now ${now}`}`;
  }
}

/** The name of a spec file for people: its part, and its path. */
function nameOf({ path, context }) {
  const { displayName, rootDir } = context.config;
  return `${displayName.name} ${path.replace(`${rootDir}/`, '').replace(/\.[\w-]*spec\.ts$/, '')}`;
}

function timeSince(startedAt) {
  const seconds = Math.floor((Date.now() - startedAt) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
