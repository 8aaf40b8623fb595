// Jest asks for a file of its own for the end of a run.
export { end as default } from './run-start.js';
